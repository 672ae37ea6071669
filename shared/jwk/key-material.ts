import type { JsonObject } from "../json.ts";
import { MAX_RSA_BITS, MIN_RSA_BITS } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { decodeBase64url } from "../strict/base64url.ts";
import { type KeyFault, keyFault } from "./key-fault.ts";

/** What a public key consists of (RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2). */
export interface KeyMaterial {
  readonly kty: "RSA" | "EC" | "OKP";
  readonly crv?: string;
  readonly n?: string;
  readonly e?: string;
  readonly x?: string;
  readonly y?: string;
}

/** The bytes of a coordinate by curve (RFC 7518 §6.2.1.2). Whether a point is on its curve is judged by `importKey`. */
const COORDINATE_BYTES: ReadonlyMap<unknown, number> = new Map([
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66],
]);
const ED25519_BYTES = 32;
/** NIST SP 800-56B r2 §6.2: F4 and above. BoringSSL takes exponents of up to 33 bits, and nobody uses over 32. */
const MIN_RSA_EXPONENT = 65_537;
const MAX_RSA_EXPONENT_BYTES = 4;

export function judgeMaterial(jwk: JsonObject): Result<KeyMaterial, KeyFault> {
  switch (jwk["kty"]) {
    case "RSA":
      return judgeRsa(jwk);
    case "EC":
      return judgeEc(jwk);
    case "OKP":
      return judgeOkp(jwk);
    default:
      return err(keyFault("kty_unknown"));
  }
}

function judgeRsa(jwk: JsonObject): Result<KeyMaterial, KeyFault> {
  const n = readMember(jwk, "n");
  if (!n.ok) return n;
  const e = readMember(jwk, "e");
  if (!e.ok) return e;
  const fault = modulusFault(n.value.bytes) ?? exponentFault(e.value.bytes);
  return fault === undefined ? ok({ kty: "RSA", n: n.value.text, e: e.value.text }) : err(fault);
}

function modulusFault(n: Uint8Array): KeyFault | undefined {
  const leadingZeros = n.findIndex((byte) => byte !== 0);
  const bits =
    leadingZeros === -1 ? 0 : (n.length - leadingZeros) * 8 - (Math.clz32(n[leadingZeros] ?? 0) - 24);
  if (bits < MIN_RSA_BITS) return keyFault("modulus_short", MIN_RSA_BITS);
  if (bits > MAX_RSA_BITS) return keyFault("modulus_long", MAX_RSA_BITS);
  return isOdd(n) ? undefined : keyFault("modulus_even");
}

function exponentFault(e: Uint8Array): KeyFault | undefined {
  const value = e.reduce((sum, byte) => sum * 256 + byte, 0);
  const isSafe = e.length <= MAX_RSA_EXPONENT_BYTES && value >= MIN_RSA_EXPONENT && isOdd(e);
  return isSafe ? undefined : keyFault("exponent_unsafe");
}

function judgeEc(jwk: JsonObject): Result<KeyMaterial, KeyFault> {
  const { crv } = jwk;
  const size = COORDINATE_BYTES.get(crv);
  if (typeof crv !== "string" || size === undefined)
    return err(keyFault("crv_unknown", [...COORDINATE_BYTES.keys()].join(" or ")));
  const x = readMember(jwk, "x", size);
  if (!x.ok) return x;
  const y = readMember(jwk, "y", size);
  if (!y.ok) return y;
  return ok({ kty: "EC", crv, x: x.value.text, y: y.value.text });
}

function judgeOkp(jwk: JsonObject): Result<KeyMaterial, KeyFault> {
  if (jwk["crv"] !== "Ed25519") return err(keyFault("crv_unknown", "Ed25519"));
  const x = readMember(jwk, "x", ED25519_BYTES);
  return x.ok ? ok({ kty: "OKP", crv: "Ed25519", x: x.value.text }) : x;
}

interface Member {
  readonly text: string;
  readonly bytes: Uint8Array;
}

/** A member in canonical base64url, of exactly `size` bytes where one is given. */
function readMember(jwk: JsonObject, name: string, size?: number): Result<Member, KeyFault> {
  const text = jwk[name];
  const bytes = typeof text === "string" ? decodeBase64url(text) : undefined;
  if (typeof text !== "string" || bytes === undefined || bytes.length === 0) {
    return err(keyFault("member_unreadable", name));
  }
  if (size !== undefined && bytes.length !== size) return err(keyFault("coordinate_size", name));
  return ok({ text, bytes });
}

function isOdd(bytes: Uint8Array): boolean {
  return (bytes.at(-1) ?? 0) % 2 === 1;
}
