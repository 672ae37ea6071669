import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import type { AllowedIssuer } from "../../../shared/trust/model/issuer.ts";

/** Unix seconds at which the tests of this folder play. */
export const NOW = 1_795_341_600;
export const AUDIENCE = "https://svid.example.org";
export const ISSUER = "https://issuer.example";

export type Json = Readonly<Record<string, unknown>>;

/** An allowed issuer as the trust document would compile it. */
export function allowedIssuer(overrides: Partial<AllowedIssuer> = {}): AllowedIssuer {
  return {
    id: "ci",
    type: "jwt",
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: { from: "discovery", uri: `${ISSUER}/.well-known/openid-configuration` },
    algorithms: ["RS256"],
    maxTokenAgeSeconds: 3_600,
    clockSkewSeconds: 60,
    replay: "once",
    requiredClaims: ["job_id"],
    ...overrides,
  };
}

/** Claims that `allowedIssuer()` takes at `NOW`. */
export function goodClaims(overrides: Json = {}): Json {
  const claims = {
    iss: ISSUER,
    sub: "job:1",
    aud: AUDIENCE,
    iat: NOW,
    exp: NOW + 300,
    jti: "t-1",
    job_id: "1",
  };
  return Object.fromEntries(
    Object.entries({ ...claims, ...overrides }).filter(([, value]) => value !== undefined),
  );
}

export const encode = (text: string | Uint8Array): string => Buffer.from(text).toString("base64url");

/** Joins a header and claims, as values or as raw JSON text, to what is signed. */
export function signingInput(header: Json | string, claims: Json | string): string {
  const text = (part: Json | string) => (typeof part === "string" ? part : JSON.stringify(part));
  return `${encode(text(header))}.${encode(text(claims))}`;
}

export const rsaKey = generateKeyPairSync("rsa", { modulusLength: 2048 });
export const ecKey = generateKeyPairSync("ec", { namedCurve: "P-256" });
export const ed25519Key = generateKeyPairSync("ed25519");

/** Signs as RS256, unless another way is given; the header says what it likes. */
export function compact(
  header: Json | string,
  claims: Json | string,
  sign: (input: Buffer) => Buffer = (input) => signBytes("sha256", input, rsaKey.privateKey),
): string {
  const input = signingInput(header, claims);
  return `${input}.${encode(sign(Buffer.from(input)))}`;
}

export function hmac(secret: string | Buffer): (input: Buffer) => Buffer {
  return (input) => createHmac("sha256", secret).update(input).digest();
}

export function publicJwk(key: { publicKey: KeyObject }, more: Json = {}): Json {
  return { ...key.publicKey.export({ format: "jwk" }), ...more };
}

export const goodHeader: Json = { alg: "RS256", kid: "k1", typ: "JWT" };
