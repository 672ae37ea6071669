import type { JsonObject } from "../json.ts";
import { MAX_TOKEN_BYTES, MAX_TOKEN_HEADER_BYTES, MAX_TOKEN_MEMBERS } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { decodeBase64url } from "./base64url.ts";
import { parseStrictObject } from "./json.ts";

/** A JWT that is a JWS in compact serialisation (RFC 7515 §7.1, RFC 7519 §3), read. Nothing of it is verified. */
export interface CompactJws {
  readonly header: JsonObject;
  readonly claims: JsonObject;
  /** The bytes that were signed (RFC 7515 §5.2). */
  readonly signingInput: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** `what` continues a sentence whose subject is the token, and holds nothing of the token. */
export interface CompactJwsProblem {
  readonly kind: "too-large" | "malformed";
  readonly what: string;
}

const ascii = new TextEncoder();

/**
 * Reads a compact JWS with a JSON claims set, strictly: bounded before it is split, exactly three parts that are not
 * empty, each in canonical base64url, header and claims each one JSON object without a repeated member.
 */
export function readCompactJws(token: string): Result<CompactJws, CompactJwsProblem> {
  if (token.length > MAX_TOKEN_BYTES) {
    return err({ kind: "too-large", what: `is longer than ${MAX_TOKEN_BYTES} bytes` });
  }
  const dots = twoDots(token);
  if (dots === undefined) return malformed("does not have three parts");
  const [first, second] = dots;
  if (first > MAX_TOKEN_HEADER_BYTES) return malformed("has too large a header");
  const header = readPart(token.slice(0, first), "header");
  if (!header.ok) return header;
  const claims = readPart(token.slice(first + 1, second), "claims set");
  if (!claims.ok) return claims;
  const signature = decodeBase64url(token.slice(second + 1));
  if (signature === undefined) return malformed("has a signature that is not base64url");
  const signingInput = ascii.encode(token.slice(0, second));
  return ok({ header: header.value, claims: claims.value, signingInput, signature });
}

/** The places of the dots of a token with exactly three parts that are not empty. Stops at the third dot. */
function twoDots(token: string): readonly [number, number] | undefined {
  const first = token.indexOf(".");
  const second = token.indexOf(".", first + 1);
  const shaped = first > 0 && second > first + 1 && second < token.length - 1;
  return shaped && token.indexOf(".", second + 1) === -1 ? [first, second] : undefined;
}

function readPart(text: string, part: string): Result<JsonObject, CompactJwsProblem> {
  const bytes = decodeBase64url(text);
  if (bytes === undefined) return malformed(`has a ${part} that is not base64url`);
  const parsed = parseStrictObject(bytes, MAX_TOKEN_MEMBERS);
  return parsed.ok ? parsed : malformed(`has a ${part} that ${parsed.error}`);
}

function malformed(what: string): Result<never, CompactJwsProblem> {
  return err({ kind: "malformed", what });
}
