import { createPublicKey, type JsonWebKey, verify } from "node:crypto";

/**
 * Validates a JWT-SVID as go-spiffe's `ParseAndValidate` does, with the bundle rules of SPIRE, which are the stricter
 * ones. Written from the SPIFFE standards on Node's own crypto, so that it shares no code with what mints.
 */
export function validateJwtSvid(
  token: string,
  bundle: unknown,
  audience: string,
  now: number,
): { sub: string } {
  const parts = token.split(".");
  assert(parts.length === 3, "compact serialisation (JWT-SVID 1)");
  const [header = "", payload = "", signature = ""] = parts;
  const { alg, kid, typ, ...others } = decode(header);
  assert(Object.keys(others).length === 0, "no header but alg, kid, typ (JWT-SVID 2)");
  assert(typeof alg === "string" && alg in HASHES, "an algorithm of JWT-SVID 2.1");
  assert(typ === undefined || typ === "JWT" || typ === "JOSE", "typ is JWT or JOSE (JWT-SVID 2.3)");
  assert(typeof kid === "string" && kid !== "", "a kid");

  const key = authorities(bundle).get(kid);
  assert(key !== undefined, "the bundle has the key");
  const input = { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" as const };
  const signed = Buffer.from(`${header}.${payload}`);
  assert(verify(HASHES[alg], signed, input, Buffer.from(signature, "base64url")), "the signature is good");

  const { sub, aud, exp, iat, nbf } = decode(payload);
  assert(
    typeof sub === "string" && WORKLOAD_ID.test(sub),
    "sub is the SPIFFE ID of a workload (JWT-SVID 3.1)",
  );
  assert([aud].flat().includes(audience), "the audience is ours (JWT-SVID 3.2)");
  assert(
    Number.isInteger(exp) && (exp as number) > now,
    "exp is there, whole and ahead (JWT-SVID 3.3), no leeway",
  );
  assert(Number.isInteger(iat) && (iat as number) <= now + 60, "iat is not ahead");
  assert(nbf === undefined || (nbf as number) <= now, "nbf is past");
  return { sub };
}

/** SPIRE's reading of a bundle: a missing or unknown `use` spoils all of it, and so does anything go-jose can't read. */
export function authorities(bundle: unknown): Map<string, JsonWebKey> {
  const { keys, spiffe_sequence, spiffe_refresh_hint } = bundle as Record<string, unknown>;
  assert(
    Array.isArray(keys) && keys.length > 0,
    "keys are there, and not revoked all at once (Bundle 4.1.3)",
  );
  assert(
    Number.isInteger(spiffe_sequence) && (spiffe_sequence as number) >= 0,
    "an unsigned sequence (Bundle 4.1.1)",
  );
  assert(Number.isInteger(spiffe_refresh_hint), "a refresh hint in whole seconds (Bundle 4.1.2)");
  const found = new Map<string, JsonWebKey>();
  for (const jwk of keys) {
    const { use, kid, kty, ...material } = jwk;
    assert(use === "jwt-svid", "use is jwt-svid (JWT-SVID 6.1)");
    assert(typeof kid === "string" && kid !== "" && !found.has(kid), "a kid, once");
    const members = Object.keys(material).sort().join();
    assert(
      members === (kty === "EC" ? "crv,x,y" : "e,n"),
      "public key material and nothing else (Bundle 4.2)",
    );
    found.set(kid, jwk);
  }
  return found;
}

const HASHES: Readonly<Record<string, string>> = { RS256: "sha256", ES256: "sha256" };
const WORKLOAD_ID = /^spiffe:\/\/[a-z0-9._-]{1,255}(\/(?!\.{1,2}(\/|$))[A-Za-z0-9._-]+)+$/;

function decode(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}

function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new Error(`not a valid JWT-SVID: ${rule}`);
}
