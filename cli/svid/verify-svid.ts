import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
} from "jose";
import type { JsonObject } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { parseSpiffeId, type SpiffeId, trustDomainOf } from "../../shared/spiffe-id.ts";
import { formatInstant, formatSpan } from "../../shared/time.ts";
import { type Failure, failed } from "../outcome.ts";
import { printable } from "../terminal/paint.ts";

/** What an SVID is held against. */
export interface Expected {
  /** Public JWKs; `use` has been looked at before. */
  readonly keys: readonly JsonObject[];
  /** The exact `iss`; a SPIFFE bundle says nothing about it. */
  readonly issuer?: string;
  /** The trust domain that the keys are of; an issuer's discovery says nothing about it. */
  readonly trustDomain?: string;
  /** Absent only where the user said that any will do. */
  readonly audience?: string;
}

export interface VerifiedSvid {
  readonly spiffeId: SpiffeId;
  readonly claims: JWTPayload & { readonly exp: number };
  readonly algorithm: string;
  readonly kid: string;
}

/** JWT-SVID §3: the algorithms that an SVID may be signed with. */
const ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"];

/** Verifies a JWT-SVID as JWT-SVID §5 says: signature, `exp`, `aud`, and a `sub` that is a SPIFFE ID. No leeway. */
export async function verifySvid(
  token: string,
  expected: Expected,
  nowMs: number,
): Promise<Result<VerifiedSvid, Failure>> {
  // jose takes a key for verification only where `use` is absent or "sig"; in a SPIFFE bundle it is "jwt-svid".
  const keys = expected.keys.map((key) => ({ ...key, use: "sig" }));
  try {
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet({ keys: keys as never[] }),
      {
        algorithms: ALGORITHMS,
        requiredClaims: ["exp", "sub", "aud"],
        currentDate: new Date(nowMs),
        ...(expected.issuer === undefined ? {} : { issuer: expected.issuer }),
        ...(expected.audience === undefined ? {} : { audience: expected.audience }),
      },
    );
    const { exp = 0, sub = "" } = payload;
    const { alg: algorithm, kid = "" } = protectedHeader;
    const spiffeId = parseSpiffeId(sub);
    if (!spiffeId.ok)
      return failed(
        "not_a_spiffe_id",
        `The signature holds, but sub is no SPIFFE ID: ${spiffeId.error}.`,
        "This is a JWT, but no JWT-SVID.",
      );
    const foreign = foreignDomain(spiffeId.value, expected.trustDomain);
    return foreign ?? ok({ spiffeId: spiffeId.value, claims: { ...payload, exp }, algorithm, kid });
  } catch (thrown) {
    if (!(thrown instanceof errors.JOSEError)) throw thrown;
    return refusal(thrown, token, expected, nowMs);
  }
}

function foreignDomain(id: SpiffeId, trustDomain: string | undefined): Result<never, Failure> | undefined {
  if (trustDomain === undefined || trustDomainOf(id) === trustDomain) return undefined;
  return failed(
    "trust_domain_differs",
    `The signature holds, but the SVID is of the trust domain ${trustDomainOf(id)}, and the keys are of ${trustDomain}.`,
    "Keys of one trust domain say nothing about the IDs of another (SPIFFE Trust Domain and Bundle 4).",
  );
}

/** Tells the reasons apart by jose's codes; what the unverified token says is shown as its own words only. */
function refusal(
  error: errors.JOSEError,
  token: string,
  expected: Expected,
  nowMs: number,
): Result<never, Failure> {
  const says = unverified(token);
  switch (error.code) {
    case "ERR_JWKS_NO_MATCHING_KEY":
      return failed(
        "key_not_published",
        `No published key has the kid of this SVID, ${says("kid")}.`,
        "Was it minted by this issuer? A key is published long before it signs, and as long as its SVIDs live.",
        [`published: ${expected.keys.map((key) => printable(String(key["kid"]))).join(", ") || "none"}`],
      );
    case "ERR_JWS_SIGNATURE_VERIFICATION_FAILED":
      return failed(
        "signature_invalid",
        "The signature does not hold.",
        "The SVID was changed, cut, or signed by another key.",
      );
    case "ERR_JWT_EXPIRED":
      return failed(
        "expired",
        `The SVID has expired${expiredAgo(token, nowMs)}.`,
        "Get a fresh one: svid-exchange fetch, or run for a long job.",
      );
    case "ERR_JWT_CLAIM_VALIDATION_FAILED":
      return claimRefusal(error as errors.JWTClaimValidationFailed, says, expected);
    case "ERR_JOSE_ALG_NOT_ALLOWED":
      return failed(
        "algorithm_refused",
        `An SVID may not be signed with ${says("alg")} (JWT-SVID 3).`,
        "This is no JWT-SVID.",
      );
    default:
      return failed(
        "malformed",
        `This is no JWT (${error.code}).`,
        "Give the SVID alone: three base64url parts joined by dots.",
      );
  }
}

function claimRefusal(
  { claim }: errors.JWTClaimValidationFailed,
  says: Says,
  expected: Expected,
): Result<never, Failure> {
  const wanted: Readonly<Record<string, string | undefined>> = {
    iss: expected.issuer,
    aud: expected.audience,
  };
  const instead = wanted[claim] === undefined ? "" : `, not ${wanted[claim]}`;
  return failed(
    `claim_${claim}`,
    `The signature holds, but ${claim} is ${says(claim)}${instead}.`,
    claim === "aud"
      ? "An SVID is for one audience: ask the exchange for one with --audience."
      : "Compare it with what you expect.",
  );
}

type Says = (name: string) => string;

/** The header's and claims' own words, as text to show and nothing else. */
function unverified(token: string): Says {
  try {
    const members: Readonly<Record<string, unknown>> = {
      ...decodeJwt(token),
      ...decodeProtectedHeader(token),
    };
    return (name) => printable(JSON.stringify(members[name] ?? null));
  } catch {
    return () => "unreadable";
  }
}

function expiredAgo(token: string, nowMs: number): string {
  const { exp = 0 } = decodeJwt(token);
  return `, ${formatSpan(nowMs / 1000 - exp)} ago, at ${formatInstant(exp)}`;
}
