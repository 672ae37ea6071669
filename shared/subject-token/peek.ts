import { type Denial, deny } from "../denial.ts";
import { type JsonObject, ownMember } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import { type CompactJws, readCompactJws } from "../strict/compact-jws.ts";
import { judgeHeader } from "./header.ts";

declare const unverified: unique symbol;

/**
 * A well-formed subject token of which nothing is verified. `issuer`, `alg` and `kid` may choose an allowed issuer and
 * one of its keys, and nothing more. Made only here.
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

/** Reads a subject token: its compact form, then its header, then the claim that names its issuer. */
export function peek(token: string): Result<UnverifiedToken, Denial> {
  const jws = readSubjectToken(token);
  return jws.ok ? peekJws(jws.value) : jws;
}

/** Reads the compact form alone. */
export function readSubjectToken(token: string): Result<CompactJws, Denial> {
  const jws = readCompactJws(token);
  if (jws.ok) return jws;
  const { kind, what } = jws.error;
  return err(
    deny(kind === "too-large" ? "token_too_large" : "token_malformed", `The subject token ${what}.`),
  );
}

/** Judges the header, and reads the claim that names the issuer. */
export function peekJws({
  header,
  claims,
  signingInput,
  signature,
}: CompactJws): Result<UnverifiedToken, Denial> {
  const judged = judgeHeader(header);
  if (!judged.ok) return judged;
  const issuer = issuerOf(claims);
  if (!issuer.ok) return issuer;
  const read = { issuer: issuer.value, ...judged.value, unverifiedClaims: claims, signingInput, signature };
  return ok(read as UnverifiedToken);
}

function issuerOf(claims: JsonObject): Result<string, Denial> {
  const iss = ownMember(claims, "iss");
  if (iss === undefined) return err(deny("token_claim_missing", "The claim iss is missing."));
  if (typeof iss !== "string") return err(deny("token_claim_invalid", "The claim iss is not a string."));
  return ok(iss);
}
