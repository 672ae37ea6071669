import type { VerifiedClaims } from "../../shared/claims.ts";
import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { peek, type UnverifiedToken } from "../../shared/subject-token/peek.ts";
import { verify } from "../../shared/subject-token/verify.ts";
import type { Grant } from "../../shared/svid.ts";
import { decide } from "../../shared/trust/decide/decide.ts";
import { attributesOf } from "../../shared/trust/model/attributes.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import type { ExchangeRequest } from "../../shared/wire.ts";
import type { UpstreamKeys } from "../issuers/jwks.ts";
import type { Background } from "../moment.ts";
import type { Signer, SigningKeys } from "../signing/isolate/create-signing-keys.ts";
import { type MintedSvid, mint } from "../signing/mint.ts";
import type { TrustInForce, TrustStore } from "../trust/trust-store.ts";
import type { RateLimits } from "./rate-limit.ts";

/** What the exchange leans on, handed in by `main.ts`. */
export interface ExchangeParts {
  readonly trust: TrustStore;
  readonly upstreamKeys: UpstreamKeys;
  readonly signingKeys: SigningKeys;
  readonly rateLimits: Pick<RateLimits, "exchangeOf">;
  /** Uses up the subject token; an error where it was used before or where nobody can tell. */
  readonly consume: (
    issuer: AllowedIssuer,
    claims: VerifiedClaims,
    audience: string,
  ) => Promise<Result<void, Denial>>;
}

/** What became known on the way, for the audit line: each field is set by the step that proved it. */
export interface Trail {
  /** Lower-case hex of the SHA-256 of the subject token as it came. */
  subjectTokenHash?: string;
  inForce?: TrustInForce;
  issuer?: AllowedIssuer;
  claims?: VerifiedClaims;
  grant?: Grant;
  signer?: Signer;
}

/** What an allowed exchange yields; a dry run yields no SVID. */
export interface Exchanged {
  readonly grant: Grant;
  readonly svid?: MintedSvid;
}

/**
 * The exchange (RFC 8693), first failure wins: the trust document in force, the unverified token's issuer among the
 * allowed ones, that issuer's key, signature and registered claims, the policy's decision, the project's rate, and then, unless it
 * is a dry run, a signer, the one use of the subject token, and the SVID.
 *
 * @param now Unix seconds
 */
export async function exchange(
  request: ExchangeRequest,
  parts: ExchangeParts,
  trail: Trail,
  now: number,
  background: Background,
): Promise<Result<Exchanged, Denial>> {
  const inForce = await parts.trust.current(now, background);
  if (!inForce.ok) return inForce;
  trail.inForce = inForce.value;
  const { config } = inForce.value;

  const token = peek(request.subjectToken);
  if (!token.ok) return token;
  const issuer = allowedIssuer(inForce.value, token.value);
  if (!issuer.ok) return issuer;
  trail.issuer = issuer.value;

  const key = await parts.upstreamKeys.keyFor(issuer.value, token.value, now, background);
  if (!key.ok) return key;
  const claims = await verify(token.value, key.value, issuer.value, now);
  if (!claims.ok) return claims;
  trail.claims = claims.value;

  const grant = decide(config, issuer.value, attributesOf(issuer.value, claims.value), request);
  if (!grant.ok) return grant;
  trail.grant = grant.value;
  const limited = await parts.rateLimits.exchangeOf(issuer.value, claims.value);
  if (limited !== undefined) return err(limited);
  if (request.dryRun === true) return ok({ grant: grant.value });

  // The signer comes before the one use of the token: a job whose token can't be renewed may then simply try again.
  const signer = await parts.signingKeys.signer(grant.value.algorithm, config.keys, now, background);
  if (!signer.ok) return signer;
  trail.signer = signer.value;
  const consumed = await parts.consume(issuer.value, claims.value, grant.value.audience);
  if (!consumed.ok) return consumed;
  const svid = await mint({ grant: grant.value, signer: signer.value, issuer: config.issuer, now });
  return ok({ grant: grant.value, svid });
}

/** The unverified `iss` may do this one thing: pick an issuer by its exact string. */
function allowedIssuer({ config }: TrustInForce, token: UnverifiedToken): Result<AllowedIssuer, Denial> {
  const issuer = config.issuers.get(token.issuer);
  return issuer === undefined
    ? err(deny("issuer_not_allowed", "The iss claim of the subject token is not among the allowed issuers."))
    : ok(issuer);
}
