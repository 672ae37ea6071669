import { sha256 } from "@noble/hashes/sha2.js";
import type { JsonObject } from "../../../shared/json.ts";
import { encodeBase64url } from "../../../shared/strict/base64url.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";

/** The public members of a signing key and nothing else: no `ext`, `key_ops` or private member can get in. */
export type PublicJwk =
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "RSA"; readonly n: string; readonly e: string };

/** Takes the public members out of an exported JWK. @throws where the JWK is not of the algorithm. */
export function publicJwkOf(algorithm: SvidAlgorithm, jwk: JsonObject): PublicJwk {
  const member = (name: string): string => {
    const value = jwk[name];
    if (typeof value !== "string") throw new Error(`a key of ${algorithm} has no ${name}`);
    return value;
  };
  return algorithm === "ES256"
    ? { kty: "EC", crv: "P-256", x: member("x"), y: member("y") }
    : { kty: "RSA", n: member("n"), e: member("e") };
}

/** RFC 7638 §3: SHA-256 over the required members in lexical order. It is the `kid` of our keys. */
export function thumbprint(jwk: PublicJwk): string {
  const required =
    jwk.kty === "EC"
      ? { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }
      : { e: jwk.e, kty: jwk.kty, n: jwk.n };
  return encodeBase64url(sha256(new TextEncoder().encode(JSON.stringify(required))));
}
