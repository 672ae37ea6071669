import { type JsonObject, type JsonValue, ownMember } from "./json.ts";

/** @returns a claim that the token does not lack: JSON null and the empty text say no more than a member that is not there. */
export function presentClaim(claims: JsonObject, name: string): JsonValue | undefined {
  const value = ownMember(claims, name);
  return value === null || value === "" ? undefined : value;
}

declare const verified: unique symbol;

/** The claims of a subject token whose signature and registered claims hold. Made only by `shared/subject-token/verify.ts`. */
export type VerifiedClaims = JsonObject & {
  readonly iss: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly [verified]: true;
};
