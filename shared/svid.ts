import type { JsonObject } from "./json.ts";
import type { SpiffeId } from "./spiffe-id.ts";

/** The signature algorithms of SVIDs: ES256 by default, RS256 where a relying party takes nothing else (Entra). */
export const SVID_ALGORITHMS = ["ES256", "RS256"] as const;
export type SvidAlgorithm = (typeof SVID_ALGORITHMS)[number];

/** What a policy grants to one job: everything about the SVID that does not depend on the clock or on a key. */
export interface Grant {
  readonly policy: string;
  readonly spiffeId: SpiffeId;
  readonly audience: string;
  readonly algorithm: SvidAlgorithm;
  readonly ttlSeconds: number;
  /** The policy's own claims, rendered. No registered claim is among them. */
  readonly claims: JsonObject;
}
