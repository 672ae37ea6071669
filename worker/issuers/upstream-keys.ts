import type { Denial } from "../../shared/denial.ts";
import type { IssuerKeySource } from "../../shared/jwk/fetch-key-set.ts";
import type { PublicKey } from "../../shared/jwk/public-key.ts";
import type { JwsAlgorithmName } from "../../shared/jws-algorithms.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { UnverifiedToken } from "../../shared/subject-token/peek.ts";
import {
  importSigningKey,
  type KeyFinder,
  keyOfSet,
  signingKey,
} from "../../shared/subject-token/signing-key.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import type { Moment } from "../moment.ts";
import { FetchedKeys, type FetchedKeysPorts } from "./fetched-keys.ts";
import { sourceName } from "./key-copies.ts";

export interface UpstreamKeys {
  /**
   * Finds the issuer's key that a token names, imported for the token's algorithm, which is judged first. In the warm
   * state nobody is asked. Refuses with `token_algorithm_refused`, `signing_key_unknown` where the issuer does not have
   * the key, and `issuer_keys_unavailable` where the issuer's keys could not be read.
   */
  keyFor(
    issuer: AllowedIssuer,
    token: Pick<UnverifiedToken, "alg" | "kid">,
    moment: Moment,
  ): Promise<Result<CryptoKey, Denial>>;
  /** Seconds since the keys of each issuer that was asked were read from it, the oldest first. */
  ages(now: number): readonly number[];
  /** Since when (Unix seconds) KV has had a copy of keys that no isolate of this exchange wrote. */
  copyRefusedSince(): number | undefined;
}

/** Keys are kept by where they come from, which includes the issuer, and a CryptoKey by the very key that it imports. */
export function createUpstreamKeys(
  ports: Pick<FetchedKeysPorts, "fetch" | "kv" | "mac"> & Partial<FetchedKeysPorts>,
): UpstreamKeys {
  const fetched = new Map<string, FetchedKeys>();
  const imported = new WeakMap<PublicKey, Map<JwsAlgorithmName, CryptoKey>>();

  return { keyFor, ages, copyRefusedSince };

  function keyFor(
    issuer: AllowedIssuer,
    token: Pick<UnverifiedToken, "alg" | "kid">,
    moment: Moment,
  ): Promise<Result<CryptoKey, Denial>> {
    return signingKey(token, issuer, finderOf(issuer, moment), importOnce);
  }

  function finderOf(issuer: AllowedIssuer, moment: Moment): KeyFinder {
    const { keys } = issuer;
    if (keys.from === "inline") return keyOfSet(keys.keys, issuer);
    return (kid) => fetchedKeys({ issuer: issuer.issuer, ...keys }).find(issuer, kid, moment);
  }

  function fetchedKeys(source: IssuerKeySource): FetchedKeys {
    const name = sourceName(source);
    const known = fetched.get(name);
    if (known !== undefined) return known;
    const keys = new FetchedKeys(source, { ...defaults, ...ports });
    fetched.set(name, keys);
    return keys;
  }

  async function importOnce(
    key: PublicKey,
    algorithm: JwsAlgorithmName,
    issuer: AllowedIssuer,
  ): Promise<Result<CryptoKey, Denial>> {
    const known = imported.get(key)?.get(algorithm);
    if (known !== undefined) return ok(known);
    const fresh = await importSigningKey(key, algorithm, issuer);
    if (fresh.ok) imported.set(key, new Map(imported.get(key)).set(algorithm, fresh.value));
    return fresh;
  }

  function ages(now: number): readonly number[] {
    const known = [...fetched.values()].flatMap((keys) => keys.age(now) ?? []);
    return known.sort((a, b) => b - a);
  }

  function copyRefusedSince(): number | undefined {
    const refused = Array.from(fetched.values(), (keys) => keys.copyRefusedSince);
    return refused.filter((since) => since !== undefined).sort((a, b) => a - b)[0];
  }
}

const defaults = {
  timeoutSignal: (ms: number) => AbortSignal.timeout(ms),
  pause: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  report: () => undefined,
  reportCopy: () => undefined,
};
