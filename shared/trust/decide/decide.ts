import type { Denial } from "../../denial.ts";
import type { Result } from "../../result.ts";
import type { Grant } from "../../svid.ts";
import type { Attributes } from "../model/attributes.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { chooseAudience, renderGrant } from "./grant.ts";
import { choosePolicy } from "./selection.ts";

/** What the caller may choose. */
export interface DecisionRequest {
  /** The name of the policy to use; absent: exactly one must match. */
  readonly policy?: string;
  /** The audience of the SVID; absent: the policy's only one. */
  readonly audience?: string;
}

/**
 * Decides what a verified token is granted, first failure wins: the policy (the conditions of each, then the guards
 * that it must lift), the audience, the SPIFFE ID, the claims.
 *
 * @returns the grant, or why not. A denial shows the caller its own values and never what a policy expects.
 */
export function decide(
  config: TrustConfig,
  issuer: AllowedIssuer,
  attributes: Attributes,
  request: DecisionRequest,
): Result<Grant, Denial> {
  const policy = choosePolicy(config.policies.get(issuer.id), attributes, request.policy);
  if (!policy.ok) return policy;
  const audience = chooseAudience(policy.value, request.audience);
  if (!audience.ok) return audience;
  return renderGrant(policy.value, audience.value, attributes);
}
