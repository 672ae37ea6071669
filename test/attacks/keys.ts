import { createHmac, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import { compact, ecKey, type Json, publicJwk, rsaKey } from "../shared/subject-token/craft.ts";
import { type Attack, tokens } from "./attack.ts";
import { CI, CURVE, jobClaims, type KeySets, ODD, TWIN } from "./issuers.ts";

const rsa = () => generateKeyPairSync("rsa", { modulusLength: 2048 });
const twin = rsa();
const small = generateKeyPairSync("rsa", { modulusLength: 1024 });
const exponent3 = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
const leaked = rsa();
const shared = rsa();
const encrypting = rsa();
const named = rsa();
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const secret = Buffer.alloc(32, 9);

const jwk = (key: { publicKey: KeyObject }, kid: string, more: Json = {}): Json =>
  publicJwk(key, { kid, use: "sig", ...more });

/** What the issuers of the suite publish. `k1` is there three times, each time another key. */
export const KEY_SETS: KeySets = {
  [CI]: [
    jwk(rsaKey, "k1", { alg: "RS256" }),
    jwk(rsaKey, "for-pss", { alg: "PS256" }),
    jwk(rsaKey, "for-oaep", { alg: "RSA-OAEP" }),
  ],
  [TWIN]: [jwk(twin, "k1", { alg: "RS256" }), jwk(twin, "only-at-twin", { alg: "RS256" })],
  [CURVE]: [jwk(ecKey, "k1", { alg: "ES256" }), jwk(p384, "p384", { alg: "ES256" }), jwk(p384, "open")],
  [ODD]: [
    jwk(rsaKey, "fine", { alg: "RS256" }),
    jwk(small, "small"),
    jwk(exponent3, "exponent-3"),
    { ...leaked.privateKey.export({ format: "jwk" }), kid: "private" },
    { kty: "oct", kid: "symmetric", k: secret.toString("base64url"), alg: "HS256" },
    { kty: "oct", kid: "symmetric-rs256", k: secret.toString("base64url"), alg: "RS256" },
    jwk(shared, "shared"),
    jwk(rsaKey, "shared"),
    jwk(encrypting, "encrypting", { use: "enc" }),
    jwk(encrypting, "wrapping", { key_ops: ["wrapKey"] }),
    { kty: "RSA", kid: "no-modulus", e: "AQAB" },
    { kty: "XYZ", kid: "unknown-type" },
    jwk(named, "__proto__"),
    { kid: 7 },
    null as unknown as Json,
  ],
};

const by = (key: { privateKey: KeyObject }) => (input: Buffer) => signBytes("sha256", input, key.privateKey);
const from =
  (issuer: string, kid: string, sign: (input: Buffer) => Buffer, header: Json = {}) =>
  () =>
    compact({ alg: "RS256", kid, typ: "JWT", ...header }, jobClaims(issuer), sign);
const bySecret = (input: Buffer) => createHmac("sha256", secret).update(input).digest();

export const KEY_ATTACKS: readonly Attack[] = [
  ...tokens("signature_invalid", {
    "the same kid: one issuer's key for the other": from(TWIN, "k1", by(rsaKey)),
    "the same kid, the other way round": from(CI, "k1", by(twin)),
    "the kid of one key, the signature of its neighbour": from(TWIN, "only-at-twin", by(rsaKey)),
    "a good kid at an issuer of odd keys": from(ODD, "fine", by(leaked)),
  }),
  ...tokens(
    "signing_key_unknown",
    {
      "a key that only another issuer has": from(CI, "only-at-twin", by(twin)),
      "an RSA key of 1024 bits": from(ODD, "small", by(small)),
      "an RSA key with exponent 3": from(ODD, "exponent-3", by(exponent3)),
      "a key that was published with its private half": from(ODD, "private", by(leaked)),
      "a symmetric key that was published": from(ODD, "symmetric", bySecret),
      "a symmetric key that says RS256": from(ODD, "symmetric-rs256", bySecret),
      "a kid that two keys share, by the one": from(ODD, "shared", by(shared)),
      "a kid that two keys share, by the other": from(ODD, "shared", by(rsaKey)),
      "a key for encryption": from(ODD, "encrypting", by(encrypting)),
      "a key for wrapping": from(ODD, "wrapping", by(encrypting)),
      "a key without a modulus": from(ODD, "no-modulus", by(leaked)),
      "a key of an unknown type": from(ODD, "unknown-type", by(leaked)),
      "a kid that is nobody's": from(CI, "nobody", by(rsaKey)),
    },
    2,
  ),
  ...tokens("token_algorithm_refused", {
    "a symmetric key's algorithm": from(ODD, "symmetric", bySecret, { alg: "HS256" }),
    "a key of another curve that says ES256": () =>
      compact({ alg: "ES256", kid: "open" }, jobClaims(CURVE), (input) =>
        signBytes("sha256", input, { key: p384.privateKey, dsaEncoding: "ieee-p1363" }),
      ),
  }),
];
