import type { JsonObject } from "./json.ts";

declare const verified: unique symbol;

/** The claims of a subject token whose signature and registered claims hold. Made only by `shared/subject-token/verify.ts`. */
export type VerifiedClaims = JsonObject & {
  readonly iss: string;
  readonly sub: string;
  readonly iat: number;
  readonly exp: number;
  readonly [verified]: true;
};
