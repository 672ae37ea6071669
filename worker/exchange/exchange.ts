import type { VerifiedClaims } from "../../shared/claims.ts";
import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { peek, type UnverifiedToken } from "../../shared/subject-token/peek.ts";
import { verify } from "../../shared/subject-token/verify.ts";
import type { Grant } from "../../shared/svid.ts";
import { decide } from "../../shared/trust/decide/decide.ts";
import { attributesOf } from "../../shared/trust/model/attributes.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import { isName } from "../../shared/trust/model/name.ts";
import type { ExchangeRequest } from "../../shared/wire.ts";
import type { UpstreamKeys } from "../issuers/upstream-keys.ts";
import type { Moment } from "../moment.ts";
import type { SigningKeys } from "../signing/isolate/signing-keys.ts";
import { mint } from "../signing/mint.ts";
import type { SignedJwt } from "../signing/sign.ts";
import type { TrustInForce } from "../trust/trust-in-force.ts";
import type { RateLimits } from "./rate-limit.ts";
import type { UsedToken } from "./replay/consume.ts";

/** What the exchange uses of all that `services.ts` makes. */
export interface ExchangeParts {
  readonly upstreamKeys: UpstreamKeys;
  readonly signingKeys: SigningKeys;
  readonly rateLimits: Pick<RateLimits, "exchangeOf" | "dryRunOf">;
  /** Uses up the subject token. Refuses where it was used before, and where that can't be known. */
  readonly consume: AskGuard<UsedToken>;
  /** The same without using it up. */
  readonly checkUnused: AskGuard<void>;
}

type AskGuard<T> = (
  issuer: AllowedIssuer,
  claims: VerifiedClaims,
  audience: string,
) => Promise<Result<T, Denial>>;

/** What the audit line says of an exchange, also of one that is refused: each step sets what it has proved. */
export interface Trail {
  /** Lower-case hex of the SHA-256 of the subject token as it came. */
  subjectTokenHash?: string;
  configVersion?: string;
  issuer?: AllowedIssuer;
  claims?: VerifiedClaims;
  /** The policy that the request named, where a policy may have such a name. */
  policyAsked?: string;
  grant?: Grant;
}

/** One exchange: its moment, the trust document that decides it, and its trail. */
interface ExchangeContext extends Moment {
  readonly trust: TrustInForce;
  readonly trail: Trail;
}

/** What an allowed exchange yields. */
export type Exchanged = Issued | Planned;

interface Issued {
  readonly kind: "issued";
  readonly grant: Grant;
  readonly svid: SignedJwt;
  /** The version of the trust document that decided. */
  readonly configVersion: string;
}

/** What a dry run yields: everything but an SVID. */
interface Planned {
  readonly kind: "planned";
  readonly grant: Grant;
  readonly configVersion: string;
}

/**
 * The exchange (RFC 8693), first failure wins: the unverified token's issuer among the allowed ones, that issuer's key,
 * signature and registered claims, the policy's decision, a signer, the one use of the subject token, the project's
 * rate, and then the SVID. A dry run ends after the decision with two questions: whether the token is used up, and the
 * project's rate of dry runs.
 */
export async function exchange(
  request: ExchangeRequest,
  context: ExchangeContext,
  parts: ExchangeParts,
): Promise<Result<Exchanged, Denial>> {
  const { trust, trail, now } = context;
  const { config, version: configVersion } = trust;
  trail.configVersion = configVersion;

  const token = peek(request.subjectToken);
  if (!token.ok) return token;
  const issuer = allowedIssuer(trust, token.value);
  if (!issuer.ok) return issuer;
  trail.issuer = issuer.value;

  const key = await parts.upstreamKeys.keyFor(issuer.value, token.value, context);
  if (!key.ok) return key;
  const claims = await verify(token.value, key.value, issuer.value, now);
  if (!claims.ok) return claims;
  trail.claims = claims.value;
  if (request.policy !== undefined && isName(request.policy)) trail.policyAsked = request.policy;

  const grant = decide(config, issuer.value, attributesOf(issuer.value, claims.value), request);
  if (!grant.ok) return grant;
  trail.grant = grant.value;
  if (request.dryRun === true) return plan(issuer.value, claims.value, grant.value, configVersion, parts);

  // The signer comes before the one use of the token: a job whose token can't be renewed may then simply try again.
  const signer = await parts.signingKeys.signer(grant.value.algorithm, config.keys, context);
  if (!signer.ok) return signer;
  const consumed = await parts.consume(issuer.value, claims.value, grant.value.audience);
  if (!consumed.ok) return consumed;
  // The rate comes after the one use: whoever holds a token that is used up must not take its project's share.
  const limited = await parts.rateLimits.exchangeOf(issuer.value, claims.value);
  if (limited !== undefined) {
    await consumed.value.giveBack();
    return err(limited);
  }
  const svid = await mint({ grant: grant.value, signer: signer.value, issuer: config.issuer, now });
  return ok({ kind: "issued", grant: grant.value, svid, configVersion });
}

/** A dry run: the guard and the project's rate, which is its own, and no SVID. */
async function plan(
  issuer: AllowedIssuer,
  claims: VerifiedClaims,
  grant: Grant,
  configVersion: string,
  parts: ExchangeParts,
): Promise<Result<Exchanged, Denial>> {
  const unused = await parts.checkUnused(issuer, claims, grant.audience);
  if (!unused.ok) return unused;
  const limited = await parts.rateLimits.dryRunOf(issuer, claims);
  return limited === undefined ? ok({ kind: "planned", grant, configVersion }) : err(limited);
}

/** The one use of the unverified `iss`: it selects an issuer by its exact string. */
function allowedIssuer({ config }: TrustInForce, token: UnverifiedToken): Result<AllowedIssuer, Denial> {
  const issuer = config.issuers.get(token.issuer);
  return issuer === undefined
    ? err(deny("issuer_not_allowed", "The iss claim of the subject token is not among the allowed issuers."))
    : ok(issuer);
}
