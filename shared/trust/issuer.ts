import type { JsonObject } from "../json.ts";

export type IssuerType = "github" | "gitlab" | "jwt";
export type ReplayMode = "once" | "per-audience" | "off";

/** Where the keys of an allowed issuer come from. Only the last two are ever fetched. */
export type KeySource =
  | { readonly from: "inline"; readonly jwks: { readonly keys: readonly JsonObject[] } }
  | { readonly from: "jwksURI"; readonly uri: string }
  | { readonly from: "discovery"; readonly uri: string };

/** An issuer whose tokens the exchange takes, compiled from the trust document. Times are seconds. */
export interface AllowedIssuer {
  /** The name that policies use. */
  readonly id: string;
  readonly type: IssuerType;
  /** The exact `iss`, compared code unit by code unit (R25). */
  readonly issuer: string;
  /** What `aud` of the subject token must be. */
  readonly audience: string;
  readonly keys: KeySource;
  /** JWS algorithms, compared case-exactly (R19). */
  readonly algorithms: readonly string[];
  /** The longest `exp - iat`, and the longest time since `iat`. */
  readonly maxTokenAgeSeconds: number;
  readonly clockSkewSeconds: number;
  readonly replay: ReplayMode;
  /** Claims without which a token is not a CI job's (for example a login token of the same issuer). */
  readonly requiredClaims: readonly string[];
}
