import { constants, generateKeyPairSync, type KeyObject, sign as signBytes } from "node:crypto";
import { OFF_CURVE_KEYS } from "../shared/jwk/off-curve-keys.ts";
import {
  compact,
  ecKey,
  ed25519Key,
  goodHeader,
  type Json,
  publicJwk,
  rsaKey,
} from "../shared/subject-token/craft.ts";
import { claimsOf, KID, pagesOf, type Row } from "./row.ts";

const NEIGHBOUR = publicJwk(rsaKey, { kid: "neighbour", alg: "RS256" });
const bytes = (values: Iterable<number>) => Buffer.from([...values]).toString("base64url");
const ones = (length: number): number[] => Array<number>(length).fill(0xff);

type Sign = (input: Buffer) => Buffer;
const rs256: Sign = (input) => signBytes("sha256", input, rsaKey.privateKey);
const pss: Sign = (input) =>
  signBytes("sha256", input, {
    key: rsaKey.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  });
const ecdsa =
  (hash: string, key: KeyObject): Sign =>
  (input) =>
    signBytes(hash, input, { key, dsaEncoding: "ieee-p1363" });
const eddsa: Sign = (input) => signBytes(null, input, ed25519Key.privateKey);

const token =
  (alg: string, sign: Sign): Row["token"] =>
  (issuer) =>
    compact({ ...goodHeader, kid: KID, alg }, claimsOf(issuer), sign);

/** A set with this key, whose token the key's own holder signed, and a neighbour that is good. */
function keyRow(it: string, verdict: Row["verdict"], key: unknown, more: Partial<Row> = {}): Row {
  const set = [key, NEIGHBOUR];
  return {
    it,
    verdict,
    token: token("RS256", rs256),
    pages: (issuer) => pagesOf(issuer, set),
    inline: set,
    ...more,
  };
}

const rsa = (more: Json = {}) => publicJwk(rsaKey, { kid: KID, ...more });
const ec = (more: Json = {}) => publicJwk(ecKey, { kid: KID, ...more });
const es256 = {
  entry: { algorithms: ["RS256", "ES256"] },
  token: token("ES256", ecdsa("sha256", ecKey.privateKey)),
};
const curve = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve });
const p384 = curve("P-384");
const p521 = curve("P-521");
const strong = generateKeyPairSync("rsa", { modulusLength: 2048, publicExponent: 3 });
const short = generateKeyPairSync("rsa", { modulusLength: 2047 });
const signedWith = (key: KeyObject) => ({
  token: token("RS256", (input) => signBytes("sha256", input, key)),
});

const USELESS: readonly Row[] = [
  ["an RSA exponent of 3", publicJwk(strong, { kid: KID }), signedWith(strong.privateKey)],
  ["an RSA key of 2047 bits", publicJwk(short, { kid: KID }), signedWith(short.privateKey)],
  ["an RSA key of 8200 bits", rsa({ n: bytes(ones(1_025)) })],
  ["an even modulus", rsa({ n: bytes([...ones(255), 0xfe]) })],
  ["an even exponent", rsa({ e: "AQAC" })],
  ["an exponent of five bytes", rsa({ e: "AQAAAAE" })],
  ["no modulus", rsa({ n: undefined })],
  ["a modulus with padding", rsa({ n: `${rsa()["n"]}==` })],
  ["a key that only signs", rsa({ key_ops: ["sign"] })],
  ["key_ops that are text", rsa({ key_ops: "verify" })],
  ["a key to encrypt with", rsa({ use: "enc" })],
  ["the use of a SPIFFE bundle", rsa({ use: "jwt-svid" })],
  ["a private key", { ...rsaKey.privateKey.export({ format: "jwk" }), kid: KID }],
  ["a symmetric member", rsa({ k: "c2VjcmV0" })],
  ["a symmetric key", { kty: "oct", kid: KID, k: "c2VjcmV0" }],
  ["an unknown type", { kty: "AKP", kid: KID, alg: "ML-DSA-44", pub: "AA" }],
  ["alg as a number", rsa({ alg: 256 })],
  ["no kid", rsa({ kid: undefined })],
  ["an unknown curve", ec({ crv: "P-224" }), es256],
  ["a short coordinate", ec({ x: bytes(ones(31)) }), es256],
  ["a coordinate without its y", ec({ y: undefined }), es256],
  [
    "X25519",
    publicJwk(ed25519Key, { kid: KID, crv: "X25519" }),
    { entry: { algorithms: ["RS256", "EdDSA"] }, token: token("EdDSA", eddsa) },
  ],
].map(([it, key, more]) => keyRow(String(it), "signing_key_unknown", key, more as Partial<Row>));

const OFF_CURVE: readonly Row[] = OFF_CURVE_KEYS.map(({ it, jwk, algorithm, holder }) =>
  keyRow(
    it,
    "signing_key_unknown",
    { ...jwk, kid: KID },
    {
      entry: { algorithms: ["RS256", algorithm] },
      token: token(algorithm, ecdsa(`sha${algorithm.slice(2)}`, holder)),
    },
  ),
);

const FOREIGN: readonly Row[] = [
  keyRow("a key for another algorithm", "token_algorithm_refused", rsa({ alg: "RS512" })),
  keyRow("a key for an algorithm that is none", "token_algorithm_refused", rsa({ alg: "RSA-OAEP" })),
  keyRow("a key for two algorithms of its issuer", "token_algorithm_refused", rsa(), {
    entry: { algorithms: ["RS256", "PS256"] },
  }),
  keyRow(
    "an Ed25519 key under both of its names",
    "token_algorithm_refused",
    publicJwk(ed25519Key, { kid: KID }),
    {
      entry: { algorithms: ["RS256", "EdDSA", "Ed25519"] },
      token: token("EdDSA", eddsa),
    },
  ),
  keyRow("an EC key for RSA tokens", "token_algorithm_refused", ec()),
  keyRow("a kid of 300 characters", "token_header_refused", rsa({ kid: "x".repeat(300) }), {
    token: (issuer) => compact({ ...goodHeader, kid: "x".repeat(300) }, claimsOf(issuer)),
  }),
  {
    ...keyRow("a kid that two keys share", "signing_key_unknown", undefined),
    pages: (issuer) => pagesOf(issuer, [rsa(), NEIGHBOUR, ec()]),
    inline: [rsa(), NEIGHBOUR, ec()],
  },
];

const USABLE: readonly Row[] = [
  keyRow(
    "a key with certificates, and for verifying",
    "good",
    rsa({ x5c: ["MII"], x5t: "AA", key_ops: ["verify"], use: "sig" }),
  ),
  keyRow("PS256 by the key's own alg", "good", rsa({ alg: "PS256" }), {
    entry: { algorithms: ["RS256", "PS256"] },
    token: token("PS256", pss),
  }),
  keyRow("ES256", "good", ec(), es256),
  keyRow("ES384", "good", publicJwk(p384, { kid: KID }), {
    entry: { algorithms: ["RS256", "ES384"] },
    token: token("ES384", ecdsa("sha384", p384.privateKey)),
  }),
  keyRow("ES512", "good", publicJwk(p521, { kid: KID }), {
    entry: { algorithms: ["RS256", "ES512"] },
    token: token("ES512", ecdsa("sha512", p521.privateKey)),
  }),
  keyRow("EdDSA", "good", publicJwk(ed25519Key, { kid: KID }), {
    entry: { algorithms: ["RS256", "EdDSA"] },
    token: token("EdDSA", eddsa),
  }),
  keyRow("Ed25519", "good", publicJwk(ed25519Key, { kid: KID, alg: "Ed25519" }), {
    entry: { algorithms: ["RS256", "EdDSA", "Ed25519"] },
    token: token("Ed25519", eddsa),
  }),
  keyRow("an ECDSA signature as DER", "signature_invalid", ec(), {
    ...es256,
    token: token("ES256", (input) => signBytes("sha256", input, ecKey.privateKey)),
  }),
];

/** Keys, each in a set of its own issuer, published and inline. */
export const KEY_ROWS: readonly Row[] = [...USELESS, ...OFF_CURVE, ...FOREIGN, ...USABLE];
