import { type JsonObject, ownMember } from "./json.ts";

/** Whether a token lacks a claim. JSON null and the empty text say no more than a member that is not there. */
export function lacksClaim(claims: JsonObject, name: string): boolean {
  const value = ownMember(claims, name);
  return value === undefined || value === null || value === "";
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
