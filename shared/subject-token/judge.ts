import type { VerifiedClaims } from "../claims.ts";
import type { Denial } from "../denial.ts";
import type { Result } from "../result.ts";
import type { AllowedIssuer } from "../trust/model/issuer.ts";
import type { UnverifiedToken } from "./peek.ts";
import { type KeyFinder, signingKey } from "./signing-key.ts";
import { verify } from "./verify.ts";

/**
 * Judges a subject token of an allowed issuer, first failure wins: its key, its signature, its registered claims. The
 * exchange takes the same steps, and keeps the keys that it fetched and imported.
 *
 * @param now Unix seconds.
 */
export async function judgeSubjectToken(
  token: UnverifiedToken,
  issuer: AllowedIssuer,
  find: KeyFinder,
  now: number,
): Promise<Result<VerifiedClaims, Denial>> {
  const key = await signingKey(token, issuer, find);
  return key.ok ? verify(token, key.value, issuer, now) : key;
}
