import { type Denial, deny } from "../denial.ts";
import type { JsonObject } from "../json.ts";
import { MAX_TOKEN_BYTES, MAX_TOKEN_HEADER_BYTES, MAX_TOKEN_MEMBERS } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { decodeBase64url } from "../strict/base64url.ts";
import { parseStrictObject } from "../strict/json.ts";
import { judgeHeader } from "./header.ts";

declare const unverified: unique symbol;

/**
 * A well-formed subject token of which nothing is verified. `issuer`, `alg` and `kid` may choose an allowed issuer and
 * one of its keys, and nothing more. Made only by `peek`.
 */
export interface UnverifiedToken {
  readonly issuer: string;
  readonly alg: string;
  readonly kid: string;
  /** For `verify` alone. */
  readonly unverifiedClaims: JsonObject;
  /** The bytes that were signed (RFC 7515 §5.2). */
  readonly signingInput: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
  readonly [unverified]: true;
}

const ascii = new TextEncoder();

/**
 * Reads a compact JWS (RFC 7515 §7.1) with a JSON claims set (RFC 7519 §7.2), strictly: bounded before it is split,
 * exactly three parts, canonical base64url, no member twice.
 */
export function peek(token: string): Result<UnverifiedToken, Denial> {
  if (token.length > MAX_TOKEN_BYTES) {
    return err(deny("token_too_large", `The subject token is longer than ${MAX_TOKEN_BYTES} bytes.`));
  }
  const dots = twoDots(token);
  if (dots === undefined) return malformed("does not have three parts");
  const [first, second] = dots;
  if (first > MAX_TOKEN_HEADER_BYTES) return malformed("has too large a header");

  const header = decodePart(token.slice(0, first), "header");
  if (!header.ok) return header;
  const judged = judgeHeader(header.value);
  if (!judged.ok) return judged;
  const claims = decodePart(token.slice(first + 1, second), "claims set");
  if (!claims.ok) return claims;
  const signature = decodeBase64url(token.slice(second + 1));
  if (signature === undefined) return malformed("has a signature that is not base64url");
  const issuer = issuerOf(claims.value);
  if (!issuer.ok) return issuer;

  return ok({
    issuer: issuer.value,
    ...judged.value,
    unverifiedClaims: claims.value,
    signingInput: ascii.encode(token.slice(0, second)),
    signature,
  } as UnverifiedToken);
}

/** The places of the dots of a token with exactly three non-empty parts. Stops at the third dot. */
function twoDots(token: string): readonly [number, number] | undefined {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  const shaped = first > 0 && second > first + 1 && second < token.length - 1;
  return shaped && token.indexOf(".", second + 1) === -1 ? [first, second] : undefined;
}

function decodePart(text: string, part: string): Result<JsonObject, Denial> {
  const bytes = decodeBase64url(text);
  if (bytes === undefined) return malformed(`has a ${part} that is not base64url`);
  const parsed = parseStrictObject(bytes, MAX_TOKEN_MEMBERS);
  return parsed.ok ? parsed : malformed(`has a ${part} that ${parsed.error}`);
}

function issuerOf(claims: JsonObject): Result<string, Denial> {
  if (!Object.hasOwn(claims, "iss")) return err(deny("token_claim_missing", "The claim iss is missing."));
  const iss = claims["iss"];
  if (typeof iss !== "string") return err(deny("token_claim_invalid", "The claim iss is not a string."));
  return ok(iss);
}

function malformed(what: string): Result<never, Denial> {
  return err(deny("token_malformed", `The subject token ${what}.`));
}
