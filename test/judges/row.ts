import type { DenialCode } from "../../shared/denial.ts";
import {
  compact,
  goodClaims,
  goodHeader,
  type Json,
  publicJwk,
  rsaKey,
} from "../shared/subject-token/craft.ts";

/** One odd token, key, set or document, and what each tool must say of it. */
export interface Row {
  readonly it: string;
  readonly verdict: "good" | DenialCode;
  /** Makes the token of a job of this issuer. */
  readonly token: (issuer: string) => string;
  /** Entries of `allowedIssuers` beside id, type and issuer. With them, or with pages, the row has an issuer of its own. */
  readonly entry?: Json;
  /** What the issuer publishes; the good set where absent. */
  readonly pages?: (issuer: string) => Pages;
  /** The keys of the set, where `check` is to judge them as inline keys as well. */
  readonly inline?: readonly unknown[];
}

/** What an issuer answers, by address. */
export type Pages = Readonly<Record<string, () => Response>>;

export const KID = "k1";
export const GOOD_SET = [publicJwk(rsaKey, { kid: KID, alg: "RS256", use: "sig" })];

export const discoveryAt = (issuer: string): string => `${issuer}/.well-known/openid-configuration`;
export const keysAt = (issuer: string): string => `${issuer}/keys`;

/** The pages of an issuer that publishes these keys. */
export function pagesOf(issuer: string, keys: readonly unknown[]): Pages {
  return {
    [discoveryAt(issuer)]: () => Response.json({ issuer, jwks_uri: keysAt(issuer) }),
    [keysAt(issuer)]: () => Response.json({ keys }),
  };
}

/** Claims that every issuer of the table takes. */
export function claimsOf(issuer: string, more: Json = {}): Json {
  return goodClaims({ iss: issuer, ...more });
}

/** A good token but for these header parameters; `undefined` leaves one out. */
export function withHeader(more: Json): Row["token"] {
  return (issuer) => compact({ ...goodHeader, kid: KID, ...more }, claimsOf(issuer));
}

export function withClaims(more: Json): Row["token"] {
  return (issuer) => compact({ ...goodHeader, kid: KID }, claimsOf(issuer, more));
}
