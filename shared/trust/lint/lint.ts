import type { TrustConfig } from "../compile/trust.ts";
import type { Problem } from "../model/problem.ts";
import { BINDING_LINTS } from "./binding.ts";
import { entraAlgorithm, issuerLints, longTtl } from "./document.ts";
import { type PolicyLint, policiesOf } from "./finding.ts";
import { longSpiffeId, sharedIdentities } from "./identity.ts";
import { overlaps } from "./overlap.ts";
import { REACH_LINTS } from "./reach.ts";

const POLICY_LINTS: readonly PolicyLint[] = [
  ...BINDING_LINTS,
  ...REACH_LINTS,
  longSpiffeId,
  longTtl,
  entraAlgorithm,
];

/**
 * Foot-guns of a document that compiles: what is most likely not meant (`warning`), and what is good to know (`note`).
 * It finds common mistakes and proves nothing: a document without findings may still allow too much.
 */
export function lintTrust(config: TrustConfig): readonly Problem[] {
  const issuers = new Map([...config.issuers.values()].map((issuer) => [issuer.id, issuer]));
  const inPolicies = policiesOf(config).flatMap((policy) => {
    const issuer = issuers.get(policy.issuer);
    return issuer === undefined ? [] : POLICY_LINTS.flatMap((lint) => lint({ policy, issuer, config }));
  });
  return [...issuerLints(config), ...inPolicies, ...overlaps(config), ...sharedIdentities(config)];
}
