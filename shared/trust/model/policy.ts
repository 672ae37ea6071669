import type { SvidAlgorithm } from "../../svid.ts";
import type { Condition } from "./condition.ts";
import type { ClaimsTemplate, SpiffeIdTemplate } from "./template.ts";

/** An audience that a policy allows, and the algorithm that signs its SVIDs. */
export interface AllowedAudience {
  readonly audience: string;
  readonly algorithm: SvidAlgorithm;
}

/** One policy, compiled. Immutable; made only by `compilePolicies`. */
export interface Policy {
  readonly name: string;
  /** The id of the only issuer whose tokens it judges. */
  readonly issuer: string;
  /** Its index in the document. */
  readonly position: number;
  /** All must hold. */
  readonly match: readonly Condition[];
  /**
   * Those conditions of `match` that hold the policy to a tenant of an issuer which many tenants share. None where one
   * tenant has the issuer alone.
   */
  readonly tenant: readonly Condition[];
  /** None of these may hold as a whole. */
  readonly deny: readonly (readonly Condition[])[];
  readonly spiffeId: SpiffeIdTemplate;
  readonly audiences: readonly AllowedAudience[];
  readonly ttlSeconds: number;
  readonly claims: ClaimsTemplate | undefined;
}

/** The condition of `match` on this attribute. There is one at most. */
export function conditionOn(policy: Policy, attribute: string): Condition | undefined {
  return policy.match.find((condition) => condition.attribute.name === attribute);
}
