import { createSign, generateKeyPairSync, sign as signBytes } from "node:crypto";
import {
  compact,
  ecKey,
  ed25519Key,
  goodHeader,
  hmac,
  publicJwk,
  rsaKey,
} from "../shared/subject-token/craft.ts";
import { type Attack, tokens } from "./attack.ts";
import { CURVE, ciToken, jobClaims } from "./issuers.ts";

const spki = rsaKey.publicKey.export({ type: "spki", format: "pem" }).toString();
const pkcs1 = rsaKey.publicKey.export({ type: "pkcs1", format: "pem" }).toString();

/** Everything that careless code has used as the secret of an HMAC when it was told `HS256`. */
const PUBLIC_KEY_TEXTS: Readonly<Record<string, string | Buffer>> = {
  "SPKI as PEM": spki,
  "SPKI as PEM without its last line break": spki.trimEnd(),
  "SPKI as PEM with CRLF": spki.replaceAll("\n", "\r\n"),
  "SPKI as base64": spki.replace(/-----.*?-----|\s/g, ""),
  "SPKI as DER": rsaKey.publicKey.export({ type: "spki", format: "der" }),
  "PKCS1 as PEM": pkcs1,
  "PKCS1 as DER": rsaKey.publicKey.export({ type: "pkcs1", format: "der" }),
  "the JWK": JSON.stringify(publicJwk(rsaKey)),
  "the JWK with kid and alg": JSON.stringify(publicJwk(rsaKey, { kid: "k1", alg: "RS256" })),
  "the modulus": Buffer.from(String(publicJwk(rsaKey)["n"]), "base64url"),
  "the modulus as base64url": String(publicJwk(rsaKey)["n"]),
  "an empty secret": "",
};

const pss = (saltLength: number) => (input: Buffer) =>
  signBytes("sha256", input, { key: rsaKey.privateKey, padding: 6, saltLength });
const rsaOver = (hash: string) => (input: Buffer) => createSign(hash).update(input).sign(rsaKey.privateKey);
const p384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });

const ec =
  (dsaEncoding: "ieee-p1363" | "der", key = ecKey, hash = "sha256") =>
  (input: Buffer) =>
    signBytes(hash, input, { key: key.privateKey, dsaEncoding });
const curveToken = (sign: (input: Buffer) => Buffer, header: object = {}) =>
  compact({ ...goodHeader, alg: "ES256", ...header }, jobClaims(CURVE), sign);

export const ALGORITHM_ATTACKS: readonly Attack[] = [
  ...tokens(
    "token_algorithm_refused",
    Object.fromEntries([
      ...["none", "None", "NONE", "nOnE", "none ", "\u0000none", ""].map((alg) => [
        `alg ${JSON.stringify(alg)} with some signature`,
        () => ciToken({ alg }, {}, () => Buffer.from("x")),
      ]),
      ...["HS256", "HS384", "HS512", "hs256"].map((alg) => [
        `alg ${alg} by the public key`,
        () => ciToken({ alg }, {}, hmac(spki)),
      ]),
      ...Object.entries(PUBLIC_KEY_TEXTS).map(([name, secret]) => [
        `alg HS256 by the public key: ${name}`,
        () => ciToken({ alg: "HS256" }, {}, hmac(secret)),
      ]),
      ...["rs256", "Rs256", "RS256 ", " RS256", "RS-256", "RSA256", "RS256\u0000"].map((alg) => [
        `alg ${JSON.stringify(alg)}, nearly right`,
        () => ciToken({ alg }),
      ]),
      [
        "alg RS384, well signed, where the issuer uses RS256",
        () => ciToken({ alg: "RS384" }, {}, rsaOver("sha384")),
      ],
      ["alg RS512, well signed", () => ciToken({ alg: "RS512" }, {}, rsaOver("sha512"))],
      ["alg PS256, well signed", () => ciToken({ alg: "PS256" }, {}, pss(32))],
      ["alg ES256, by another kind of key", () => ciToken({ alg: "ES256" }, {}, ec("ieee-p1363"))],
      [
        "alg EdDSA",
        () => ciToken({ alg: "EdDSA" }, {}, (input) => signBytes(null, input, ed25519Key.privateKey)),
      ],
      ["alg RSA-OAEP, which encrypts", () => ciToken({ alg: "RSA-OAEP" })],
      ["alg dir", () => ciToken({ alg: "dir" })],
      ["alg RS1", () => ciToken({ alg: "RS1" }, {}, rsaOver("sha1"))],
      ["alg named like a method", () => ciToken({ alg: "toString" })],
      ["alg __proto__", () => ciToken({ alg: "__proto__" })],
      ["RS256 at an issuer of ES256", () => curveToken(rsaOver("sha256"), { alg: "RS256" })],
      ["ES384 at an issuer of ES256", () => curveToken(ec("ieee-p1363", p384, "sha384"), { alg: "ES384" })],
      ["ES256 with a key of P-384", () => curveToken(ec("ieee-p1363", p384), { kid: "p384" })],
      ["RS256 with a key whose alg is PS256", () => ciToken({ kid: "for-pss" })],
      ["RS256 with a key whose alg is RSA-OAEP", () => ciToken({ kid: "for-oaep" })],
    ]),
  ),
  ...tokens("token_malformed", {
    "alg none without a signature": () => ciToken({ alg: "none" }, {}, () => Buffer.alloc(0)),
    "alg RS256 without a signature": () => ciToken({}, {}, () => Buffer.alloc(0)),
  }),
  ...tokens("token_header_refused", {
    "no alg": () => ciToken({ alg: undefined }),
    "alg null": () => ciToken({ alg: null }),
    "alg as a list": () => ciToken({ alg: ["RS256", "none"] }),
    "alg as a number": () => ciToken({ alg: 256 }),
  }),
  ...tokens("signature_invalid", {
    "PSS under RS256": () => ciToken({}, {}, pss(32)),
    "PSS with the longest salt under RS256": () => ciToken({}, {}, pss(222)),
    "SHA-1 under RS256": () => ciToken({}, {}, rsaOver("sha1")),
    "SHA-512 under RS256": () => ciToken({}, {}, rsaOver("sha512")),
    "HMAC under RS256": () => ciToken({}, {}, hmac(spki)),
    "a stranger's key": () => ciToken({}, {}, (input) => signBytes("sha256", input, stranger.privateKey)),
    "a signature of zeros": () => ciToken({}, {}, () => Buffer.alloc(256)),
    "a signature of one byte": () => ciToken({}, {}, () => Buffer.from([1])),
    "a signature with a byte more": () =>
      ciToken({}, {}, (input) => Buffer.concat([rsaOver("sha256")(input), Buffer.alloc(1)])),
    "a signature with a byte less": () => ciToken({}, {}, (input) => rsaOver("sha256")(input).subarray(1)),
    "the claims of one token under the signature of another": () => {
      const [header, , signature] = ciToken().split(".");
      const [, claims] = ciToken({}, { sub: "job:other" }).split(".");
      return `${header}.${claims}.${signature}`;
    },
    "DER under ES256": () => curveToken(ec("der")),
    "zeros under ES256 (CVE-2022-21449)": () => curveToken(() => Buffer.alloc(64)),
    "nothing but s under ES256": () =>
      curveToken(() => Buffer.concat([Buffer.alloc(32), Buffer.alloc(32, 1)])),
    "ES256 over SHA-384": () => curveToken(ec("ieee-p1363", ecKey, "sha384")),
  }),
];
