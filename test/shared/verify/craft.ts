import { constants, generateKeyPairSync, type KeyObject, type SignKeyObjectInput, sign } from "node:crypto";
import { encode, type Json, signingInput } from "../subject-token/craft.ts";

/** SVIDs, good and bad, signed by Node's own cryptography. */

export const NOW = 1_795_341_600;
export const ISSUER = "https://svid.example.org";
export const TRUST_DOMAIN = "ci.example.org";
export const SPIFFE_ID = `spiffe://${TRUST_DOMAIN}/github/1/2`;
export const AUDIENCE = "https://vault.example.org";

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export const KEYS = {
  rsa: generateKeyPairSync("rsa", { modulusLength: 2048 }),
  weak: generateKeyPairSync("rsa", { modulusLength: 1024 }),
  p256: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  p384: generateKeyPairSync("ec", { namedCurve: "P-384" }),
  p521: generateKeyPairSync("ec", { namedCurve: "P-521" }),
  stranger: generateKeyPairSync("ec", { namedCurve: "P-256" }),
  ed25519: generateKeyPairSync("ed25519"),
} satisfies Readonly<Record<string, KeyPair>>;

export type KeyName = keyof typeof KEYS;

export const publicJwk = (name: KeyName, more: Json = {}): Json => ({
  ...KEYS[name].publicKey.export({ format: "jwk" }),
  kid: name,
  ...more,
});

/** Signs the bytes of the signing input. */
export type Signer = (input: Buffer) => Buffer;

const pkcs1 =
  (bits: number, name: KeyName = "rsa"): Signer =>
  (input) =>
    sign(`sha${bits}`, input, KEYS[name].privateKey);
export const pss =
  (bits: number, saltLength = bits / 8): Signer =>
  (input) => {
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    return sign(`sha${bits}`, input, { key: KEYS.rsa.privateKey, padding, saltLength });
  };
export const ecdsa =
  (bits: number, name: KeyName, dsaEncoding: SignKeyObjectInput["dsaEncoding"] = "ieee-p1363"): Signer =>
  (input) =>
    sign(`sha${bits}`, input, { key: KEYS[name].privateKey, dsaEncoding });
export const ed25519: Signer = (input) => sign(null, input, KEYS.ed25519.privateKey);

/** The algorithms of JWT-SVID §2.1: the key whose `kid` is its name, and the signer. */
export const SIGNERS: Readonly<Record<string, readonly [KeyName, Signer]>> = {
  RS256: ["rsa", pkcs1(256)],
  RS384: ["rsa", pkcs1(384)],
  RS512: ["rsa", pkcs1(512)],
  PS256: ["rsa", pss(256)],
  PS384: ["rsa", pss(384)],
  PS512: ["rsa", pss(512)],
  ES256: ["p256", ecdsa(256, "p256")],
  ES384: ["p384", ecdsa(384, "p384")],
  ES512: ["p521", ecdsa(512, "p521")],
};
export const weakRsa = pkcs1(256, "weak");

/** Claims of a good SVID at `NOW`; `undefined` takes one away. */
export function claims(overrides: Json = {}): Json {
  const good = { iss: ISSUER, sub: SPIFFE_ID, aud: AUDIENCE, iat: NOW, exp: NOW + 300, jti: "j-1" };
  return Object.fromEntries(
    Object.entries({ ...good, ...overrides }).filter(([, value]) => value !== undefined),
  );
}

/** Header of a good SVID that the key p256 signs; `undefined` takes a parameter away. */
export function header(overrides: Json = {}): Json {
  const good = { alg: "ES256", kid: "p256", typ: "JWT" };
  return Object.fromEntries(
    Object.entries({ ...good, ...overrides }).filter(([, value]) => value !== undefined),
  );
}

/** Joins and signs a header and claims, as values or as raw JSON. */
export function svid(
  tokenHeader: Json | string = header(),
  tokenClaims: Json | string = claims(),
  signer: Signer = ecdsa(256, "p256"),
): string {
  const input = signingInput(tokenHeader, tokenClaims);
  return `${input}.${encode(signer(Buffer.from(input)))}`;
}
