import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { MAX_KID_LENGTH, MAX_RSA_BITS, MAX_UPSTREAM_KEYS, MIN_RSA_BITS } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { decodeBase64url } from "../strict/base64url.ts";

/** A public key of an issuer: only the members that import needs, so nothing else of a JWK goes any further. */
export interface UpstreamKey {
  readonly kid: string;
  /** The one algorithm that the issuer says the key is for, if it says. */
  readonly alg?: string;
  readonly kty: "RSA" | "EC" | "OKP";
  readonly crv?: string;
  readonly n?: string;
  readonly e?: string;
  readonly x?: string;
  readonly y?: string;
}

export type KeySet = ReadonlyMap<string, UpstreamKey>;

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1: members that no published key may have. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;

/** Bytes of a coordinate (RFC 7518 §6.2.1.2, RFC 8037 §2). */
const COORDINATE_BYTES: ReadonlyMap<unknown, number> = new Map([
  ["P-256", 32],
  ["P-384", 48],
  ["P-521", 66],
]);
const ED25519_BYTES = 32;
/** NIST SP 800-56B r2 §6.2: F4 and above. BoringSSL takes exponents of up to 33 bits, and nobody uses over 32. */
const MIN_RSA_EXPONENT = 65_537;
const MAX_RSA_EXPONENT_BYTES = 4;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * Reads the usable keys of a JWK Set (RFC 7517 §5). A key that is of no use is left out, and its neighbours stay: an
 * unknown type or curve, another use, no `kid` or one that two keys share, private members, a symmetric or weak key.
 *
 * @returns the keys by `kid`, or what is wrong with the set as words that follow "the key set".
 */
export function parseKeySet(document: JsonObject): Result<KeySet, string> {
  const listed = Object.hasOwn(document, "keys") ? document["keys"] : undefined;
  if (!Array.isArray(listed)) return err("has no list of keys");
  if (listed.length > MAX_UPSTREAM_KEYS) return err(`has more than ${MAX_UPSTREAM_KEYS} keys`);
  const counts = new Map<unknown, number>();
  for (const jwk of listed) {
    const kid = isJsonObject(jwk) ? jwk["kid"] : undefined;
    counts.set(kid, (counts.get(kid) ?? 0) + 1);
  }
  const keys = new Map<string, UpstreamKey>();
  for (const jwk of listed) {
    const key = usableKey(jwk);
    if (key !== undefined && counts.get(key.kid) === 1) keys.set(key.kid, key);
  }
  return keys.size === 0 ? err("has no usable key") : ok(keys);
}

function usableKey(jwk: JsonValue): UpstreamKey | undefined {
  if (!isJsonObject(jwk)) return undefined;
  if (PRIVATE_MEMBERS.some((name) => Object.hasOwn(jwk, name))) return undefined;
  const { kid, alg } = jwk;
  if (typeof kid !== "string" || kid.length > MAX_KID_LENGTH || !PRINTABLE_ASCII.test(kid)) return undefined;
  if (alg !== undefined && typeof alg !== "string") return undefined;
  if (!isForSignatures(jwk)) return undefined;
  const material = materialOf(jwk);
  return material && { kid, ...(alg === undefined ? {} : { alg }), ...material };
}

/** RFC 7517 §4.2, §4.3. */
function isForSignatures({ use, key_ops: operations }: JsonObject): boolean {
  if (use !== undefined && use !== "sig") return false;
  return operations === undefined || (Array.isArray(operations) && operations.includes("verify"));
}

type Material = Omit<UpstreamKey, "kid" | "alg">;

function materialOf({ kty, crv, n, e, x, y }: JsonObject): Material | undefined {
  if (kty === "RSA" && isStrongModulus(n) && isSafeExponent(e)) return { kty, n, e };
  if (kty === "EC" && typeof crv === "string") {
    const size = COORDINATE_BYTES.get(crv);
    return isOfSize(x, size) && isOfSize(y, size) ? { kty, crv, x, y } : undefined;
  }
  if (kty === "OKP" && crv === "Ed25519" && isOfSize(x, ED25519_BYTES)) return { kty, crv, x };
  return undefined;
}

function isStrongModulus(n: JsonValue | undefined): n is string {
  const bytes = bytesOf(n);
  const leading = bytes.findIndex((byte) => byte !== 0);
  if (leading === -1) return false;
  const bits = (bytes.length - leading) * 8 - (Math.clz32(bytes[leading] ?? 0) - 24);
  return bits >= MIN_RSA_BITS && bits <= MAX_RSA_BITS;
}

function isSafeExponent(e: JsonValue | undefined): e is string {
  const bytes = bytesOf(e);
  if (bytes.length > MAX_RSA_EXPONENT_BYTES) return false;
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return value >= MIN_RSA_EXPONENT && value % 2 === 1;
}

function isOfSize(text: JsonValue | undefined, size: number | undefined): text is string {
  return bytesOf(text).length === size;
}

/** The decoded bytes; none where the member is absent, no string or no base64url, which no check above takes. */
function bytesOf(text: JsonValue | undefined): Uint8Array {
  return (typeof text === "string" ? decodeBase64url(text) : undefined) ?? new Uint8Array();
}
