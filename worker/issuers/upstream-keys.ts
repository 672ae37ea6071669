import type { Denial } from "../../shared/denial.ts";
import type { KeySet } from "../../shared/jwk/key-set.ts";
import type { PublicKey } from "../../shared/jwk/public-key.ts";
import type { JwsAlgorithmName } from "../../shared/jws-algorithms.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { UnverifiedToken } from "../../shared/subject-token/peek.ts";
import { allowedAlgorithm, importSigningKey, unknownKey } from "../../shared/subject-token/signing-key.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import type { Background } from "../moment.ts";
import { FetchedKeys, type Upstream } from "./fetched-keys.ts";
import { sourceOf } from "./key-copies.ts";

export interface UpstreamKeys {
  /**
   * Finds the issuer's key that a token names, imported for the token's algorithm, which is checked first. In the warm
   * state nobody is asked. Refuses with `token_algorithm_refused`, `signing_key_unknown` where the issuer does not have
   * the key, and `issuer_keys_unavailable` where the issuer could not be asked.
   *
   * @param now Unix seconds.
   */
  keyFor(
    issuer: AllowedIssuer,
    token: Pick<UnverifiedToken, "alg" | "kid">,
    now: number,
    background: Background,
  ): Promise<Result<CryptoKey, Denial>>;
  /** Seconds since the keys of each issuer that was asked were read from it, by the issuer's id. */
  ages(now: number): Record<string, number>;
}

/** Keys are kept by where they come from, which includes the issuer, and a CryptoKey by the very key that it imports. */
export function createUpstreamKeys(
  upstream: Pick<Upstream, "fetch" | "kv"> & Partial<Upstream>,
): UpstreamKeys {
  const fetched = new Map<string, { readonly id: string; readonly keys: FetchedKeys }>();
  const imported = new WeakMap<PublicKey, Map<string, CryptoKey>>();

  return { keyFor, ages };

  async function keyFor(
    issuer: AllowedIssuer,
    token: Pick<UnverifiedToken, "alg" | "kid">,
    now: number,
    background: Background,
  ): Promise<Result<CryptoKey, Denial>> {
    const algorithm = allowedAlgorithm(token, issuer);
    if (!algorithm.ok) return algorithm;
    const key =
      issuer.keys.from === "inline"
        ? inlineKey(issuer, issuer.keys.keys, token.kid)
        : await fetchedKeys(issuer).find(issuer, token.kid, now, background);
    return key.ok ? cryptoKey(key.value, algorithm.value, issuer) : key;
  }

  function fetchedKeys(issuer: AllowedIssuer): FetchedKeys {
    const source = sourceOf(issuer);
    const known = fetched.get(source)?.keys;
    if (known !== undefined) return known;
    const keys = new FetchedKeys({ pause: sleep, report: () => undefined, ...upstream });
    fetched.set(source, { id: issuer.id, keys });
    return keys;
  }

  async function cryptoKey(
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

  function ages(now: number): Record<string, number> {
    const known = [...fetched.values()].map(({ id, keys }) => [id, keys.age(now)] as const);
    return Object.fromEntries(known.filter((entry): entry is [string, number] => entry[1] !== undefined));
  }
}

function inlineKey(issuer: AllowedIssuer, keys: KeySet, kid: string): Result<PublicKey, Denial> {
  const key = keys.get(kid);
  return key === undefined ? err(unknownKey(issuer)) : ok(key);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
