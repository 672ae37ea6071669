import type { FetchedKeySource } from "../../jwk/fetch-key-set.ts";
import type { KeySet } from "../../jwk/key-set.ts";

export const ISSUER_TYPES = ["github", "gitlab", "jwt"] as const;
export type IssuerType = (typeof ISSUER_TYPES)[number];

export const REPLAY_MODES = ["once", "per-audience", "off"] as const;
export type ReplayMode = (typeof REPLAY_MODES)[number];

/** Where the keys of an allowed issuer come from. Inline keys are in the document and are never fetched. */
export type KeySource = { readonly from: "inline"; readonly keys: KeySet } | FetchedKeySource;

/** An issuer whose tokens the exchange takes, compiled from the trust document. Times are seconds. */
export interface AllowedIssuer {
  /** The name that policies use. */
  readonly id: string;
  readonly type: IssuerType;
  /** The exact `iss`, compared code unit by code unit: nothing is normalised, not even a slash at the end. */
  readonly issuer: string;
  /** What `aud` of the subject token must be. */
  readonly audience: string;
  readonly keys: KeySource;
  /** JWS algorithms, compared case-exactly before any key is looked up (RFC 8725 §3.1). */
  readonly algorithms: readonly string[];
  /** The longest `exp - iat`, and the longest time since `iat`. */
  readonly maxTokenAgeSeconds: number;
  readonly clockSkewSeconds: number;
  readonly replay: ReplayMode;
  /** Claims without which a token is not a CI job's (for example a login token of the same issuer). */
  readonly requiredClaims: readonly string[];
}
