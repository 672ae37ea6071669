import { type Denial, deny } from "../../denial.ts";
import { err, type Result } from "../../result.ts";
import type { Grant } from "../../svid.ts";
import type { Attributes } from "../model/attributes.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { Policy } from "../model/policy.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { disclose } from "./disclosure.ts";
import { chooseAudience, renderGrant } from "./grant.ts";
import { choosePolicy } from "./selection.ts";

/** What the caller may choose. */
export interface DecisionRequest {
  /** The name of the policy to use; absent: exactly one must match. */
  readonly policy?: string;
  /** The audience of the SVID; absent: the policy's only one. */
  readonly audience?: string;
}

const NO_POLICIES = deny("policy_denied", "The trust document has no policy for this issuer.");

/**
 * Decides what a verified token is granted, first failure wins: the policy (the conditions of each, then the guards
 * that it must lift), the audience, the SPIFFE ID, the claims.
 *
 * @returns the grant, or what the caller is told instead. A denial shows the caller its own values and never what a policy
 * expects, and nothing of policies that are not its own; its cause is the whole reason.
 */
export function decide(
  config: TrustConfig,
  issuer: AllowedIssuer,
  attributes: Attributes,
  request: DecisionRequest,
): Result<Grant, Denial> {
  const index = config.policies.get(issuer.id);
  const chosen = index === undefined ? err(NO_POLICIES) : choosePolicy(index, attributes, request.policy);
  const grant = chosen.ok ? grantOf(chosen.value, request.audience, attributes) : chosen;
  if (grant.ok) return grant;
  const refused = {
    reason: grant.error,
    hasChosen: chosen.ok,
    index,
    attributes,
    name: request.policy,
  };
  return err(disclose(refused, config.denials));
}

function grantOf(policy: Policy, wanted: string | undefined, attributes: Attributes): Result<Grant, Denial> {
  const audience = chooseAudience(policy, wanted);
  return audience.ok ? renderGrant(policy, audience.value, attributes) : audience;
}
