import { isJwsAlgorithm, JWS_ALGORITHMS, type JwsAlgorithmName } from "../jws-algorithms.ts";
import { err, ok, type Result } from "../result.ts";
import { type KeyFault, keyFault } from "./key-fault.ts";
import type { PublicKey } from "./public-key.ts";

/** Whether a key can be for this algorithm: it is of its kind, and its own `alg`, where it has one, says the same. */
export function fitsAlgorithm({ alg, kty, crv }: PublicKey, name: JwsAlgorithmName): boolean {
  const row = JWS_ALGORITHMS[name];
  const isOfKind = row.kty === kty && ("crv" in row ? row.crv : undefined) === crv;
  return isOfKind && (alg === undefined || alg === name);
}

/**
 * The one algorithm that a key is for (RFC 8725 §3.1): its own `alg`, or where it has none the only allowed one that
 * fits its kind. The header of a token never decides (CVE-2026-22818).
 */
export function algorithmOf(key: PublicKey, allowed: readonly string[]): Result<JwsAlgorithmName, KeyFault> {
  const fitting = allowed.filter(isJwsAlgorithm).filter((name) => fitsAlgorithm(key, name));
  const [only, another] = fitting;
  if (only === undefined) return err(keyFault("algorithm_none", allowed.join(", ")));
  return another === undefined ? ok(only) : err(keyFault("algorithm_several", fitting.join(" or ")));
}

/**
 * Imports a key to verify signatures of this algorithm and nothing else.
 *
 * @returns the key, or `undefined` where the runtime refuses it: another kind of key, or a point beside its curve.
 */
export async function importKey(key: PublicKey, algorithm: JwsAlgorithmName): Promise<CryptoKey | undefined> {
  const { kid: _kid, alg: _alg, ...material } = key;
  try {
    return await crypto.subtle.importKey("jwk", material, JWS_ALGORITHMS[algorithm].keyParams, false, [
      "verify",
    ]);
  } catch {
    return undefined;
  }
}
