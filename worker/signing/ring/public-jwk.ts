import { sha256 } from "@noble/hashes/sha2.js";
import { base64url } from "jose";
import type { JsonObject } from "../../../shared/json.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";

/** The public members of a signing key and nothing else: no `ext`, `key_ops` or private member can get in. */
export type PublicJwk =
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "RSA"; readonly n: string; readonly e: string };

/** What WebCrypto needs for each algorithm (RFC 7518 §3.3, §3.4). */
export const ALGORITHMS = {
  ES256: {
    create: { name: "ECDSA", namedCurve: "P-256" },
    import: { name: "ECDSA", namedCurve: "P-256" },
    sign: { name: "ECDSA", hash: "SHA-256" },
  },
  RS256: {
    create: {
      name: "RSASSA-PKCS1-v1_5",
      hash: "SHA-256",
      modulusLength: 2048,
      publicExponent: new Uint8Array([1, 0, 1]),
    },
    import: { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    sign: { name: "RSASSA-PKCS1-v1_5" },
  },
} as const satisfies Record<SvidAlgorithm, object>;

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
  return base64url.encode(sha256(new TextEncoder().encode(JSON.stringify(required))));
}
