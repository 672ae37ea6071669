import type { Problem } from "../model/problem.ts";
import { issuersById, policiesOf, type TrustConfig } from "../model/trust-config.ts";
import { applicationLints } from "./applications.ts";
import { denyMissing } from "./deny-missing.ts";
import type { PolicyLint } from "./finding.ts";
import { guardLifted } from "./guard-lifted.ts";
import { issuerLints } from "./issuers.ts";
import { longSpiffeId } from "./long-spiffe-id.ts";
import { deniedAltogether, impossibleConditions } from "./never-matches.ts";
import { overlaps } from "./overlap.ts";
import { contradictoryRef, refWithoutType, unprotectedRef } from "./ref.ts";
import { sharedIdentities } from "./shared-identity.ts";
import { entraAlgorithm, longTtl } from "./svid.ts";
import { environmentWithoutIds, namesWithoutIds } from "./tenant.ts";
import { unknownClaims } from "./unknown-claim.ts";
import { unrenderable } from "./unrenderable.ts";
import { rawSub, weakDiscriminator } from "./weak-claims.ts";

/** The lints of one policy alone, in the order of what they find. */
const POLICY_LINTS: readonly PolicyLint[] = [
  namesWithoutIds,
  rawSub,
  refWithoutType,
  unprotectedRef,
  weakDiscriminator,
  environmentWithoutIds,
  guardLifted,
  unknownClaims,
  impossibleConditions,
  contradictoryRef,
  deniedAltogether,
  denyMissing,
  unrenderable,
  longSpiffeId,
  longTtl,
  entraAlgorithm,
];

/** What is known of the Worker that the document is for. */
export interface Deployment {
  /** The names of its bindings. Absent: they are not known. */
  readonly bindings?: ReadonlySet<string>;
}

/**
 * Likely mistakes in a document that compiles (`warning`), and what is good to know (`note`). It finds common mistakes
 * and proves nothing: a document without findings may still allow too much.
 */
export function lintTrust(config: TrustConfig, deployment: Deployment = {}): readonly Problem[] {
  const issuers = issuersById(config);
  const inPolicies = policiesOf(config).flatMap((policy) => {
    const issuer = issuers.get(policy.issuer);
    return issuer === undefined ? [] : POLICY_LINTS.flatMap((lint) => lint({ policy, issuer }));
  });
  return [
    ...issuerLints(config),
    ...inPolicies,
    ...overlaps(config),
    ...sharedIdentities(config),
    ...applicationLints(config, deployment),
  ];
}
