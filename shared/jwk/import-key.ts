import { type Denial, deny } from "../denial.ts";
import { algorithmsFor, type JwsAlgorithm } from "../jws-algorithms.ts";
import { err, ok, type Result } from "../result.ts";
import type { AllowedIssuer } from "../trust/model/issuer.ts";
import type { UpstreamKey } from "./key-set.ts";

/**
 * Imports a key for the one algorithm that it is for (RFC 8725 §3.1): the JWK's own `alg`, or where it has none the only
 * algorithm of the issuer's allow-list that fits its kind. The token's header never decides (CVE-2026-22818).
 */
export async function importKey(
  upstreamKey: UpstreamKey,
  algorithm: JwsAlgorithm,
  issuer: AllowedIssuer,
): Promise<Result<CryptoKey, Denial>> {
  if (!isFor(upstreamKey, algorithm, issuer)) {
    return err(deny("token_algorithm_refused", "The key that the token names is for another algorithm."));
  }
  const { kid: _kid, alg: _alg, ...material } = upstreamKey;
  try {
    return ok(await crypto.subtle.importKey("jwk", material, algorithm.key, false, ["verify"]));
  } catch {
    return err(deny("signing_key_unknown", "The key that the token names is not a key at all."));
  }
}

function isFor({ alg, kty, crv }: UpstreamKey, { name }: JwsAlgorithm, issuer: AllowedIssuer): boolean {
  const fitting = algorithmsFor(issuer, kty, crv);
  if (alg === undefined) return fitting.length === 1 && fitting[0]?.name === name;
  return alg === name && fitting.some((row) => row.name === name);
}
