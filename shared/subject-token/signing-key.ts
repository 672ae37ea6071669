import { type Denial, deny } from "../denial.ts";
import { algorithmOf, importKey } from "../jwk/key-algorithm.ts";
import type { KeySet } from "../jwk/key-set.ts";
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
  return err(algorithmRefused(`The issuer's tokens are signed with ${algorithms.join(" or ")}.`));
}

// Whoever has not proved to be an issuer's customer learns nothing of the issuer: each detail is for the operator alone.

function algorithmRefused(detail: string): Denial {
  const told = "The token names an algorithm that the exchange does not take from its issuer.";
  return deny("token_algorithm_refused", told, { cause: deny("token_algorithm_refused", detail) });
}

/** The issuer's key set has no usable key of the token's `kid`. `reason` is a clause about the key that is of no use. */
export function unknownKey({ id }: AllowedIssuer, reason?: string): Denial {
  const detail = `The issuer ${id} publishes no usable key of the token's kid`;
  const cause = deny("signing_key_unknown", reason === undefined ? `${detail}.` : `${detail}: ${reason}.`);
  return deny("signing_key_unknown", "The token's issuer has no usable key of the token's kid.", { cause });
}

/** The issuer's key set could not be read: `failure` is a clause. */
export function unreadableKeys({ id }: AllowedIssuer, failure: string, retryAfter?: number): Denial {
  const cause = deny(
    "issuer_keys_unavailable",
    `The keys of the issuer ${id} could not be read: ${failure}.`,
  );
  const told = "The exchange has no keys of the token's issuer at hand.";
  return deny("issuer_keys_unavailable", told, retryAfter === undefined ? { cause } : { cause, retryAfter });
}

/** Finds a key of the issuer by its `kid`. */
export type KeyFinder = (kid: string) => Result<PublicKey, Denial> | Promise<Result<PublicKey, Denial>>;

/** Finds keys in a set at hand. */
export function keyOfSet(keys: KeySet, issuer: AllowedIssuer): KeyFinder {
  return (kid) => {
    const key = keys.get(kid);
    return key === undefined ? err(unknownKey(issuer)) : ok(key);
  };
}

/**
 * The key that a token names, first failure wins: the token's algorithm is allowed, the issuer has the key, and the key
 * is for that algorithm.
 *
 * @param importFor imports the key; the exchange keeps what it imported.
 */
export async function signingKey(
  token: Pick<UnverifiedToken, "alg" | "kid">,
  issuer: AllowedIssuer,
  find: KeyFinder,
  importFor = importSigningKey,
): Promise<Result<CryptoKey, Denial>> {
  const algorithm = allowedAlgorithm(token, issuer);
  if (!algorithm.ok) return algorithm;
  const key = await find(token.kid);
  return key.ok ? importFor(key.value, algorithm.value, issuer) : key;
}

/** Imports a key for the token's algorithm, which must be the one that the key is for. */
export async function importSigningKey(
  key: PublicKey,
  algorithm: JwsAlgorithmName,
  issuer: AllowedIssuer,
): Promise<Result<CryptoKey, Denial>> {
  const own = algorithmOf(key, issuer.algorithms);
  if (!own.ok || own.value !== algorithm) {
    return err(algorithmRefused("The key that the token names is for another algorithm."));
  }
  const imported = await importKey(key, algorithm);
  return imported === undefined ? err(unknownKey(issuer, "the runtime cannot import it")) : ok(imported);
}
