import { isJsonObject, type JsonObject, ownMember } from "../json.ts";
import { MAX_KEYS_OF_A_SET } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { type KeyFault, keyFault } from "./key-fault.ts";
import { judgeKey, type KeyUse, type PublicKey } from "./public-key.ts";

/** Keys by their `kid`. */
export type KeySet = ReadonlyMap<string, PublicKey>;

/** A JWK Set, judged. */
export interface JudgedKeySet {
  readonly keys: KeySet;
  /** Why the other keys are of no use, by their `kid` as far as they have one that is text. */
  readonly faults: ReadonlyMap<string, KeyFault>;
}

/**
 * Judges the keys of a list, each by itself and then beside its neighbours: a `kid` that two keys share names neither,
 * whatever else is wrong with one of them. A key that is of no use leaves its neighbours as they are.
 *
 * @returns a judgement for each key of the list, in its order.
 */
export function judgeKeys(listed: readonly unknown[], use: KeyUse): readonly Result<PublicKey, KeyFault>[] {
  const counts = new Map<unknown, number>();
  for (const jwk of listed) counts.set(kidOf(jwk), (counts.get(kidOf(jwk)) ?? 0) + 1);
  return listed.map((jwk) => {
    const key = judgeKey(jwk, use);
    return key.ok && counts.get(key.value.kid) !== 1 ? err(keyFault("kid_repeated", key.value.kid)) : key;
  });
}

/** @returns the keys of use among those that were judged. */
export function usableKeys(judged: readonly Result<PublicKey, KeyFault>[]): KeySet {
  return new Map(judged.flatMap((key) => (key.ok ? [[key.value.kid, key.value]] : [])));
}

/**
 * Reads a JWK Set (RFC 7517 §5) that must have a key of use.
 *
 * @returns what is wrong with the set, as words that follow "the key set".
 */
export function parseKeySet(document: JsonObject, use: KeyUse): Result<JudgedKeySet, string> {
  const read = readKeySet(document, use);
  return read.ok && read.value.keys.size === 0 ? err("has no usable key") : read;
}

/**
 * Reads a JWK Set, which may have no key of use: a trust domain that publishes none trusts no SVID (SPIFFE Trust Domain
 * and Bundle §4.1.3).
 *
 * @returns what is wrong with the set, as words that follow "the key set".
 */
export function readKeySet(document: JsonObject, use: KeyUse): Result<JudgedKeySet, string> {
  const listed = ownMember(document, "keys");
  if (!Array.isArray(listed)) return err("has no list of keys");
  if (listed.length > MAX_KEYS_OF_A_SET) return err(`has more than ${MAX_KEYS_OF_A_SET} keys`);
  const judged = judgeKeys(listed, use);
  const faults = new Map<string, KeyFault>();
  for (const [index, key] of judged.entries()) {
    const kid = kidOf(listed[index]);
    if (!key.ok && typeof kid === "string") faults.set(kid, key.error);
  }
  return ok({ keys: usableKeys(judged), faults });
}

function kidOf(jwk: unknown): unknown {
  return isJsonObject(jwk) ? jwk["kid"] : undefined;
}
