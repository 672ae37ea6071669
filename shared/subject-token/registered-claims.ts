import { presentClaim } from "../claims.ts";
import { type Denial, type DenialCode, deny } from "../denial.ts";
import { type JsonObject, ownMember } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import type { AllowedIssuer } from "../trust/model/issuer.ts";

/** The dates of a claims set. Unix seconds. */
interface Dates {
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number | undefined;
}

/**
 * Judges the registered claims (RFC 7519 §4.1) and the ones that the issuer's type requires. Types are never coerced,
 * and only own members are read.
 *
 * @returns why the claims do not hold, or `undefined` where they do.
 */
export function claimsProblem(claims: JsonObject, issuer: AllowedIssuer, now: number): Denial | undefined {
  return (
    issuerProblem(claims, issuer) ??
    textProblem(claims, "sub") ??
    audienceProblem(claims, issuer.audience) ??
    datesProblem(claims, issuer, now) ??
    identifierProblem(claims, issuer) ??
    confirmationProblem(claims) ??
    requiredProblem(claims, issuer)
  );
}

/** The claim chose the issuer while nothing was verified; here the choice is judged (RFC 8725 §3.8). */
function issuerProblem(claims: JsonObject, issuer: AllowedIssuer): Denial | undefined {
  if (ownMember(claims, "iss") === issuer.issuer) return undefined;
  return deny("issuer_not_allowed", "The claim iss is not the issuer whose key was used.");
}

/** RFC 7519 §4.1.3. Exactly this exchange: a token that others accept as well can be replayed by each of them. */
function audienceProblem(claims: JsonObject, audience: string): Denial | undefined {
  const aud = ownMember(claims, "aud");
  if (aud === undefined) return missing("aud");
  const listed = Array.isArray(aud) ? aud : [aud];
  if (!listed.every((entry) => typeof entry === "string")) return invalid("aud", "is not a string");
  if (listed.length === 1 && listed[0] === audience) return undefined;
  return deny("token_audience_mismatch", "The claim aud is not this exchange's audience, and only that.");
}

/** RFC 7519 §4.1.4 to §4.1.6: `nbf` alone may be absent. */
function readDates(claims: JsonObject): Result<Dates, Denial> {
  const exp = readDate(claims, "exp");
  if (!exp.ok) return exp;
  const iat = readDate(claims, "iat");
  if (!iat.ok) return iat;
  const nbf = Object.hasOwn(claims, "nbf") ? readDate(claims, "nbf") : ok(undefined);
  return nbf.ok ? ok({ exp: exp.value, iat: iat.value, nbf: nbf.value }) : nbf;
}

/** NumericDate (RFC 7519 §2) without fractions: no issuer sends any. */
function readDate(claims: JsonObject, name: string): Result<number, Denial> {
  const value = ownMember(claims, name);
  if (value === undefined) return err(missing(name));
  const isDate = typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  return isDate ? ok(value) : err(invalid(name, "is not a whole number of seconds since 1970"));
}

function datesProblem(claims: JsonObject, issuer: AllowedIssuer, now: number): Denial | undefined {
  const dates = readDates(claims);
  if (!dates.ok) return dates.error;
  const { iat, exp, nbf } = dates.value;
  const skew = issuer.clockSkewSeconds;
  const maxAge = issuer.maxTokenAgeSeconds;
  const rules: readonly (readonly [boolean, DenialCode, string])[] = [
    [exp <= iat, "token_claim_invalid", "The claim exp is not after iat."],
    [iat > now + skew, "token_not_yet_valid", "The claim iat is in the future."],
    [nbf !== undefined && nbf > now + skew, "token_not_yet_valid", "The claim nbf is in the future."],
    [now >= exp + skew, "token_expired", "The claim exp is in the past."],
    [exp - iat > maxAge, "token_lifetime_exceeded", `The token is valid for more than ${maxAge} s.`],
    [now - iat > maxAge, "token_expired", `The token was issued more than ${maxAge} s ago.`],
  ];
  const broken = rules.find(([isBroken]) => isBroken);
  return broken && deny(broken[1], broken[2]);
}

/** Where a token may be used once, it must say which token it is (RFC 7519 §4.1.7). */
function identifierProblem(claims: JsonObject, issuer: AllowedIssuer): Denial | undefined {
  if (ownMember(claims, "jti") === undefined && issuer.replay === "off") return undefined;
  return textProblem(claims, "jti");
}

/** A key-bound token (RFC 7800 §3) is worthless without its key, and the exchange asks for no proof of it. */
function confirmationProblem(claims: JsonObject): Denial | undefined {
  if (!Object.hasOwn(claims, "cnf")) return undefined;
  return deny("proof_of_possession_unsupported", "The subject token is bound to a key by its claim cnf.");
}

function requiredProblem(claims: JsonObject, issuer: AllowedIssuer): Denial | undefined {
  for (const name of issuer.requiredClaims) {
    const problem = textProblem(claims, name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function textProblem(claims: JsonObject, name: string): Denial | undefined {
  const value = presentClaim(claims, name);
  if (value === undefined) return missing(name);
  return typeof value === "string" ? undefined : invalid(name, "is not a string");
}

function missing(name: string): Denial {
  return deny("token_claim_missing", `The claim ${name} is missing.`);
}

function invalid(name: string, what: string): Denial {
  return deny("token_claim_invalid", `The claim ${name} ${what}.`);
}
