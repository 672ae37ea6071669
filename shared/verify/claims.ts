import { type JsonObject, type JsonValue, ownMember } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import { parseSpiffeId, type SpiffeId, type TrustDomain, trustDomainOf } from "../spiffe-id.ts";
import { refuse, type SvidRefusal, type SvidRefusalCode } from "./refusal.ts";

/** What the claims of an SVID must say. */
export interface ExpectedClaims {
  /** At least one of these must be in `aud`. `any` leaves the audience unchecked, which no service may do. */
  readonly audiences: readonly string[] | "any";
  /** The trust domain that the keys are of. Absent where only the issuer tells whose keys they are. */
  readonly trustDomain?: TrustDomain;
  /** The exact `iss`. Absent where a SPIFFE bundle gave the keys, which says nothing about it. */
  readonly issuer?: string;
  /** How many seconds the clock of the issuer may differ. Default 0. */
  readonly leewaySeconds?: number;
}

/** The registered claims of an SVID, with their types. Dates are Unix seconds and may have a fraction (RFC 7519 §2). */
export interface SvidClaims {
  readonly spiffeId: SpiffeId;
  readonly audiences: readonly string[];
  readonly expiresAt: number;
  readonly issuedAt?: number;
  readonly issuer?: string;
}

/**
 * A fresh SVID must pass on a machine whose clock is a little slow. Its `iat` may therefore lie ahead by what go-spiffe
 * allows, whatever the leeway is; `exp` alone ends its life.
 */
const MAX_ISSUED_AHEAD_SECONDS = 60;
/** The last second of the year 9999, which is the last that ISO 8601 writes with four digits. */
const MAX_DATE = 253_402_300_799;

/**
 * Judges the claims of a JWT-SVID (JWT-SVID §3), the signature of which holds. Types are never coerced.
 *
 * @param now Unix seconds.
 */
export function judgeSvidClaims(
  claims: JsonObject,
  expected: ExpectedClaims,
  now: number,
): Result<SvidClaims, SvidRefusal> {
  const issuer = judgeIssuer(claims, expected.issuer);
  if (!issuer.ok) return issuer;
  const spiffeId = judgeSubject(claims, expected.trustDomain);
  if (!spiffeId.ok) return spiffeId;
  const audiences = judgeAudience(claims, expected.audiences);
  if (!audiences.ok) return audiences;
  const dates = judgeDates(claims, expected.leewaySeconds ?? 0, now);
  if (!dates.ok) return dates;
  return ok({ spiffeId: spiffeId.value, audiences: audiences.value, ...dates.value, ...issuer.value });
}

/** The `iss` of an SVID is optional. Where one is there, it is text (RFC 7519 §4.1.1). */
function judgeIssuer(
  claims: JsonObject,
  expected: string | undefined,
): Result<Pick<SvidClaims, "issuer">, SvidRefusal> {
  const issuer = ownMember(claims, "iss");
  if (issuer !== undefined && typeof issuer !== "string")
    return wrong("claim_iss", "has an iss that is not text");
  if (expected !== undefined && issuer !== expected) {
    return wrong("claim_iss", issuer === undefined ? "has no iss" : "is of another issuer");
  }
  return ok(issuer === undefined ? {} : { issuer });
}

/** JWT-SVID §3.1. Keys of one trust domain say nothing about the IDs of another (SPIFFE Trust Domain and Bundle §4). */
function judgeSubject(
  claims: JsonObject,
  trustDomain: TrustDomain | undefined,
): Result<SpiffeId, SvidRefusal> {
  const subject = ownMember(claims, "sub");
  if (subject === undefined || subject === "") return wrong("claim_sub", "has no sub");
  if (typeof subject !== "string") return wrong("claim_sub", "has a sub that is not text");
  const id = parseSpiffeId(subject);
  if (!id.ok) return wrong("not_a_spiffe_id", `has a sub that is not a SPIFFE ID of a workload: ${id.error}`);
  if (trustDomain !== undefined && trustDomainOf(id.value) !== trustDomain) {
    return wrong("trust_domain_differs", "is of another trust domain");
  }
  return id;
}

/** JWT-SVID §3.2: text, or a list of texts (RFC 7519 §4.1.3). */
function judgeAudience(
  claims: JsonObject,
  expected: ExpectedClaims["audiences"],
): Result<readonly string[], SvidRefusal> {
  const audience = ownMember(claims, "aud");
  const listed = typeof audience === "string" ? [audience] : audience;
  if (listed === undefined) return wrong("claim_aud", "has no aud");
  if (!isTexts(listed)) return wrong("claim_aud", "has an aud that is not text, nor a list of texts");
  if (listed.length === 0) return wrong("claim_aud", "has no aud");
  if (expected === "any" || listed.some((entry) => expected.includes(entry))) return ok(listed);
  return wrong("claim_aud", "is for another audience");
}

function judgeDates(
  claims: JsonObject,
  leeway: number,
  now: number,
): Result<Pick<SvidClaims, "expiresAt" | "issuedAt">, SvidRefusal> {
  const [exp, nbf, iat] = [ownMember(claims, "exp"), ownMember(claims, "nbf"), ownMember(claims, "iat")];
  if (exp === undefined) return wrong("claim_exp", "has no exp");
  if (!isDate(exp)) return wrong("claim_exp", "has an exp that is not a date");
  if (now >= exp + leeway) return wrong("expired", "has expired");
  if (nbf !== undefined && !isDate(nbf)) return wrong("claim_nbf", "has an nbf that is not a date");
  if (nbf !== undefined && now < nbf - leeway) return wrong("claim_nbf", "is not valid yet");
  if (iat === undefined) return ok({ expiresAt: exp });
  if (!isDate(iat)) return wrong("claim_iat", "has an iat that is not a date");
  if (now < iat - Math.max(leeway, MAX_ISSUED_AHEAD_SECONDS)) {
    return wrong("claim_iat", "has an iat that is in the future");
  }
  return ok({ expiresAt: exp, issuedAt: iat });
}

/** NumericDate (RFC 7519 §2). */
function isDate(value: JsonValue): value is number {
  return typeof value === "number" && value >= 0 && value <= MAX_DATE;
}

function isTexts(value: JsonValue): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

function wrong(code: SvidRefusalCode, what: string): Result<never, SvidRefusal> {
  return err(refuse(code, what));
}
