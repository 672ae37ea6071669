import type { VerifiedClaims } from "../claims.ts";
import { type Denial, deny } from "../denial.ts";
import { verifySignature } from "../jwk/verify-signature.ts";
import { err, ok, type Result } from "../result.ts";
import type { AllowedIssuer } from "../trust/model/issuer.ts";
import type { UnverifiedToken } from "./peek.ts";
import { claimsProblem } from "./registered-claims.ts";
import { allowedAlgorithm } from "./signing-key.ts";

/**
 * Verifies a subject token: its algorithm against the issuer's allow-list, its signature by `key`, then its registered
 * claims and the ones that the issuer's type requires. The only producer of `VerifiedClaims`.
 *
 * @param key a key of `issuer`, imported for the token's algorithm.
 * @param now Unix seconds.
 */
export async function verify(
  token: UnverifiedToken,
  key: CryptoKey,
  issuer: AllowedIssuer,
  now: number,
): Promise<Result<VerifiedClaims, Denial>> {
  const algorithm = allowedAlgorithm(token, issuer);
  if (!algorithm.ok) return algorithm;
  if (!(await verifySignature(algorithm.value, key, token))) {
    return err(deny("signature_invalid", "The signature of the subject token is not the issuer's."));
  }
  const problem = claimsProblem(token.unverifiedClaims, issuer, now);
  return problem === undefined ? ok(token.unverifiedClaims as VerifiedClaims) : err(problem);
}
