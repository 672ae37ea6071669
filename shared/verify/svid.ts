import type { JsonObject } from "../json.ts";
import { fitsAlgorithm, importKey } from "../jwk/key-algorithm.ts";
import type { KeySet } from "../jwk/key-set.ts";
import { verifySignature } from "../jwk/verify-signature.ts";
import type { JwsAlgorithmName } from "../jws-algorithms.ts";
import { err, ok, type Result } from "../result.ts";
import { readCompactJws } from "../strict/compact-jws.ts";
import { type ExpectedClaims, judgeSvidClaims, type SvidClaims } from "./claims.ts";
import { judgeSvidHeader, type SvidHeader } from "./header.ts";
import { refuse, type SvidRefusal } from "./refusal.ts";

/** What an SVID is judged by. */
export interface ExpectedSvid extends ExpectedClaims {
  /** The keys of the issuer or of the trust domain. Without any, no SVID holds (SPIFFE Trust Domain and Bundle §4.1.3). */
  readonly keys: KeySet;
}

declare const verified: unique symbol;

/** A JWT-SVID that holds. Made only by `judgeSvid`. */
export interface VerifiedSvid extends SvidClaims {
  readonly algorithm: JwsAlgorithmName;
  readonly kid: string;
  /** All claims, with those of the issuer's own. */
  readonly claims: JsonObject;
  readonly [verified]: true;
}

/**
 * Judges a JWT-SVID as JWT-SVID §5 says: compact serialisation, header, the key of its `kid`, signature, and then the
 * claims. The first reason to refuse it wins.
 *
 * @param now Unix seconds.
 */
export async function judgeSvid(
  token: string,
  expected: ExpectedSvid,
  now: number,
): Promise<Result<VerifiedSvid, SvidRefusal>> {
  const read = readCompactJws(token);
  if (!read.ok) return err(refuse("malformed", read.error.what));
  const { header, claims } = read.value;
  const judged = judgeSvidHeader(header);
  if (!judged.ok) return judged;
  const key = await keyFor(judged.value, expected.keys);
  if (!key.ok) return key;
  if (!(await verifySignature(judged.value.algorithm, key.value, read.value))) {
    return err(refuse("signature_invalid", "has a signature that does not fit the key of its kid"));
  }
  const registered = judgeSvidClaims(claims, expected, now);
  if (!registered.ok) return registered;
  return ok({ ...registered.value, ...judged.value, claims } as VerifiedSvid);
}

async function keyFor({ kid, algorithm }: SvidHeader, keys: KeySet): Promise<Result<CryptoKey, SvidRefusal>> {
  const key = keys.get(kid);
  if (key === undefined) return err(refuse("key_not_published", "names a key that is not published"));
  if (!fitsAlgorithm(key, algorithm))
    return err(refuse("key_unfit", "names a key that is for another algorithm"));
  const imported = await importKey(key, algorithm);
  return imported === undefined
    ? err(refuse("key_unfit", "names a key that cannot be used here"))
    : ok(imported);
}
