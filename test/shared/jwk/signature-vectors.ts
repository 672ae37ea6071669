import {
  constants,
  createHash,
  generateKeyPairSync,
  type KeyObject,
  privateEncrypt,
  type SignKeyObjectInput,
  sign,
} from "node:crypto";
import type { JsonObject } from "../../../shared/json.ts";
import type { JwsAlgorithmName } from "../../../shared/jws-algorithms.ts";

/**
 * Signatures of the classes that Project Wycheproof has for RSA, ECDSA and Ed25519. No registry carries its files, so
 * they are made here: each takes a good signature, or the private key itself, to an edge that verifiers have got wrong.
 */
export interface SignatureVector {
  readonly name: string;
  readonly algorithm: JwsAlgorithmName;
  readonly jwk: JsonObject;
  /** Base64url. */
  readonly message: string;
  readonly signature: string;
  readonly valid: boolean;
}

type Row = readonly [name: string, signature: Buffer, valid?: boolean];

const MESSAGE = Buffer.from("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0");
const OTHER = Buffer.from("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJiIn0");

export function signatureVectors(): readonly SignatureVector[] {
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const curves = { ES256: "P-256", ES384: "P-384", ES512: "P-521" } as const;
  const ed25519 = generateKeyPairSync("ed25519");
  return [
    ...([256, 384, 512] as const).flatMap((bits) => [
      ...vectors(`RS${bits}`, rsa.publicKey, pkcs1Rows(rsa, bits)),
      ...vectors(`PS${bits}`, rsa.publicKey, pssRows(rsa.privateKey, bits)),
    ]),
    ...Object.entries(curves).flatMap(([algorithm, namedCurve]) => {
      const pair = generateKeyPairSync("ec", { namedCurve });
      return vectors(algorithm as JwsAlgorithmName, pair.publicKey, ecdsaRows(pair.privateKey, namedCurve));
    }),
    ...vectors("Ed25519", ed25519.publicKey, ed25519Rows(ed25519.privateKey)),
    ...vectors("EdDSA", ed25519.publicKey, ed25519Rows(ed25519.privateKey)),
  ];
}

function vectors(
  algorithm: JwsAlgorithmName,
  key: KeyObject,
  rows: readonly Row[],
): readonly SignatureVector[] {
  const jwk = { ...(key.export({ format: "jwk" }) as JsonObject), kid: "vector" };
  const base64url = (bytes: Buffer): string => bytes.toString("base64url");
  return rows.map(([name, signature, valid = false]) => ({
    name: `${algorithm}: ${name}`,
    algorithm,
    jwk,
    message: base64url(MESSAGE),
    signature: base64url(signature),
    valid,
  }));
}

/** Forms of a signature that no algorithm takes, made of a good one. */
function damaged(good: Buffer): readonly Row[] {
  const flipped = (at: number): Buffer =>
    Buffer.from(good.map((byte, index) => (index === at ? byte ^ 1 : byte)));
  return [
    ["nothing", Buffer.alloc(0)],
    ["one byte", good.subarray(0, 1)],
    ["the last byte is missing", good.subarray(0, -1)],
    ["the first byte is missing", good.subarray(1)],
    ["a byte follows", Buffer.concat([good, Buffer.of(0)])],
    ["a zero leads", Buffer.concat([Buffer.of(0), good])],
    ["twice", Buffer.concat([good, good])],
    ["zeros", Buffer.alloc(good.length)],
    ["ones", Buffer.alloc(good.length, 0xff)],
    ["a bit of the first byte", flipped(0)],
    ["a bit in the middle", flipped(good.length >> 1)],
    ["a bit of the last byte", flipped(good.length - 1)],
  ];
}

/** AlgorithmIdentifiers of SHA-256, SHA-384 and SHA-512 (RFC 8017 §9.2 note 1), without the tag and length around. */
const OID = { 256: "0609608648016503040201", 384: "0609608648016503040202", 512: "0609608648016503040203" };
type Bits = keyof typeof OID;

function pkcs1Rows(
  { privateKey, publicKey }: Record<"privateKey" | "publicKey", KeyObject>,
  bits: Bits,
): Row[] {
  const hash = createHash(`sha${bits}`).update(MESSAGE).digest();
  const other = bits === 256 ? 384 : 256;
  const size = 256;
  const n = BigInt(
    `0x${Buffer.from(String(publicKey.export({ format: "jwk" }).n), "base64url").toString("hex")}`,
  );
  const raw = (em: Buffer): Buffer =>
    privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, em);
  const hex = (text: string): Buffer => Buffer.from(text, "hex");
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    return Buffer.concat([Buffer.of(tag, body.length), body]);
  };
  const digestInfo = (oid: string, parameters: string, digest = hash): Buffer =>
    der(0x30, der(0x30, hex(oid + parameters)), der(0x04, digest));
  const padded = (info: Buffer, head = "0001", fill = 0xff): Buffer => {
    const start = hex(head);
    return Buffer.concat([
      start,
      Buffer.alloc(size - start.length - 1 - info.length, fill),
      Buffer.of(0),
      info,
    ]);
  };
  const good = digestInfo(OID[bits], "0500");
  const valid = raw(padded(good));
  const integer = (value: bigint): Buffer => hex(value.toString(16).padStart(size * 2, "0"));
  const s = BigInt(`0x${valid.toString("hex")}`);
  const tail = Buffer.alloc(40, 0x11);
  return [
    ["good", valid, true],
    ["of another message", sign(`sha${bits}`, OTHER, privateKey)],
    ["of another hash", sign(`sha${other}`, MESSAGE, privateKey)],
    ["DigestInfo names another hash", raw(padded(digestInfo(OID[other], "0500")))],
    ["DigestInfo has parameters that are no NULL", raw(padded(digestInfo(OID[bits], "0101ff")))],
    ["DigestInfo has a NULL with content", raw(padded(digestInfo(OID[bits], "050100")))],
    ["DigestInfo has a length in long form", raw(padded(Buffer.concat([hex("3081"), good.subarray(1)])))],
    ["the digest alone", raw(padded(hash))],
    ["the digest is cut", raw(padded(digestInfo(OID[bits], "0500", hash.subarray(0, -1))))],
    ["bytes follow the digest", raw(Buffer.concat([padded(Buffer.concat([good, tail]))]))],
    [
      "bytes follow a short padding",
      raw(
        Buffer.concat([
          hex("0001"),
          Buffer.alloc(8, 0xff),
          Buffer.of(0),
          good,
          Buffer.alloc(size - 11 - good.length),
        ]),
      ),
    ],
    ["the block type is 2", raw(padded(good, "0002"))],
    ["the block type is 0", raw(padded(good, "0000", 0))],

    ["the padding is not of ones", raw(padded(good, "0001", 0xfe))],
    ["the padding has a zero early", raw(padded(Buffer.concat([Buffer.of(0), good])))],
    ["PSS", sign(`sha${bits}`, MESSAGE, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING })],
    ["1", integer(1n)],
    ["the modulus", integer(n)],
    ["the modulus less 1", integer(n - 1n)],
    ["the signature less than the modulus, negated", integer(n - s)],
    ...damaged(valid),
  ];
}

function pssRows(key: KeyObject, bits: Bits): Row[] {
  const pss = (saltLength: number, hash: number = bits): Buffer =>
    sign(`sha${hash}`, MESSAGE, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  const valid = pss(bits / 8);
  return [
    ["good", valid, true],
    ["without salt", pss(0)],
    ["a salt of 20 bytes", pss(20)],
    ["a salt that is a byte short", pss(bits / 8 - 1)],
    ["a salt that is a byte long", pss(bits / 8 + 1)],
    ["the longest salt", pss(constants.RSA_PSS_SALTLEN_MAX_SIGN)],
    ["of another hash", pss(bits / 8, bits === 256 ? 384 : 256)],
    ["PKCS #1 v1.5", sign(`sha${bits}`, MESSAGE, key)],
    ...damaged(valid),
  ];
}

/** The orders of the curves (SP 800-186 §3.2.1). */
const ORDER = {
  "P-256": 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  "P-384":
    0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  "P-521":
    0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
} as const;

function ecdsaRows(key: KeyObject, curve: keyof typeof ORDER): Row[] {
  const n = ORDER[curve];
  const bits = { "P-256": 256, "P-384": 384, "P-521": 512 }[curve];
  const size = { "P-256": 32, "P-384": 48, "P-521": 66 }[curve];
  const p1363 = (message: Buffer): Buffer =>
    sign(`sha${bits}`, message, { key, dsaEncoding: "ieee-p1363" } as SignKeyObjectInput);
  const valid = p1363(MESSAGE);
  const number = (bytes: Buffer): bigint => BigInt(`0x${bytes.toString("hex")}`);
  const bytes = (value: bigint, length = size): Buffer =>
    Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex");
  const [r, s] = [number(valid.subarray(0, size)), number(valid.subarray(size))];
  const pair = (left: bigint, right: bigint): Buffer => Buffer.concat([bytes(left), bytes(right)]);
  const long = (left: bigint, right: bigint): Buffer =>
    Buffer.concat([bytes(left, size + 1), bytes(right, size + 1)]);
  return [
    ["good", valid, true],
    // ECDSA takes both of s and n - s (Wycheproof: valid). Nothing here rests on one text per signature.
    ["s is its own negative", pair(r, n - s), true],
    ["of another message", p1363(OTHER)],
    ["r and s are zero", pair(0n, 0n)],
    ["r is zero", pair(0n, s)],
    ["s is zero", pair(r, 0n)],
    ["r and s are 1", pair(1n, 1n)],
    ["r is the order", pair(n, s)],
    ["s is the order", pair(r, n)],
    ["both are the order", pair(n, n)],
    ["both are the order less 1", pair(n - 1n, n - 1n)],
    ["r is negated", pair(n - r, s)],
    ["r and s are changed about", pair(s, r)],
    ["r with the order added", long(r + n, s)],
    ["s with the order added", long(r, s + n)],
    ["each with a leading zero", long(r, s)],
    ["DER", sign(`sha${bits}`, MESSAGE, { key, dsaEncoding: "der" })],
    [
      "of another hash",
      sign(bits === 256 ? "sha384" : "sha256", MESSAGE, { key, dsaEncoding: "ieee-p1363" }),
    ],
    ...damaged(valid),
  ];
}

/** The order of edwards25519 (RFC 8032 §5.1). */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;

function ed25519Rows(key: KeyObject): Row[] {
  const valid = sign(null, MESSAGE, key);
  const little = (bytes: Buffer): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  const bytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, "0"), "hex").reverse();
  const [R, S] = [valid.subarray(0, 32), little(valid.subarray(32))];
  const withS = (value: bigint): Buffer => Buffer.concat([R, bytes(value)]);
  return [
    ["good", valid, true],
    ["of another message", sign(null, OTHER, key)],
    ["S with the order added", withS(S + L)],
    ["S with the order added twice", withS(S + 2n * L)],
    ["S is the order", withS(L)],
    ["S is zero", withS(0n)],
    ["S is 1", withS(1n)],
    ["S is negated", withS(L - S)],
    ["S has its highest bit", withS(S + 2n ** 255n)],
    ["R is the neutral point", Buffer.concat([bytes(1n), valid.subarray(32)])],
    ["R is zero", Buffer.concat([bytes(0n), valid.subarray(32)])],
    ["R is no point", Buffer.concat([bytes(2n), valid.subarray(32)])],
    ["R is not reduced", Buffer.concat([bytes(2n ** 255n - 18n), valid.subarray(32)])],
    ["R and S are changed about", Buffer.concat([valid.subarray(32), R])],
    ["32 bytes", R],
    ["63 bytes", valid.subarray(0, 63)],
    ["65 bytes", Buffer.concat([valid, Buffer.of(1)])],
    ...damaged(valid),
  ];
}
