import { type Denial, deny } from "../denial.ts";
import { algorithmOf, importKey } from "../jwk/key-algorithm.ts";
import type { PublicKey } from "../jwk/public-key.ts";
import { isJwsAlgorithm, type JwsAlgorithmName } from "../jws-algorithms.ts";
import { err, ok, type Result } from "../result.ts";
import type { AllowedIssuer } from "../trust/model/issuer.ts";
import type { UnverifiedToken } from "./peek.ts";

/**
 * The token's algorithm, where the issuer's `algorithms` has it, letter by letter (RFC 8725 §3.1). To be judged before
 * any key is looked up, so that no key ever meets an algorithm that its issuer does not use.
 */
export function allowedAlgorithm(
  { alg }: Pick<UnverifiedToken, "alg">,
  { algorithms }: AllowedIssuer,
): Result<JwsAlgorithmName, Denial> {
  if (algorithms.includes(alg) && isJwsAlgorithm(alg)) return ok(alg);
  return err(
    deny("token_algorithm_refused", `The issuer's tokens are signed with ${algorithms.join(" or ")}.`),
  );
}

/** The issuer's key set has no usable key of the token's `kid`. */
export function unknownKey({ id }: AllowedIssuer): Denial {
  return deny("signing_key_unknown", `The issuer ${id} publishes no usable key of the token's kid.`);
}

/** Imports the key that the token names, for the token's algorithm, which must be the one that the key is for. */
export async function importSigningKey(
  key: PublicKey,
  algorithm: JwsAlgorithmName,
  issuer: AllowedIssuer,
): Promise<Result<CryptoKey, Denial>> {
  const own = algorithmOf(key, issuer.algorithms);
  if (!own.ok || own.value !== algorithm) {
    return err(deny("token_algorithm_refused", "The key that the token names is for another algorithm."));
  }
  const imported = await importKey(key, algorithm);
  return imported === undefined ? err(unknownKey(issuer)) : ok(imported);
}
