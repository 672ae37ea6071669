import type { AssertionGrant } from "../../shared/assertion.ts";
import { ASSERTION_BACKDATE_SECONDS } from "../limits.ts";
import { expiry } from "../signing/mint.ts";
import { type SignedJwt, type Signer, sign } from "../signing/sign.ts";

export interface AssertionInput {
  readonly grant: AssertionGrant;
  readonly signer: Signer;
  /** Our `iss`. */
  readonly issuer: string;
  /** When the caller's token expires; the assertion never outlives it. Unix seconds. */
  readonly callerExpiresAt: number;
  /** Unix seconds. */
  readonly now: number;
}

/** Signs what an application is told of a caller. Where the username is the SPIFFE ID, it is a JWT-SVID (JWT-SVID §3). */
export function assertCaller({
  grant,
  signer,
  issuer,
  callerExpiresAt,
  now,
}: AssertionInput): Promise<SignedJwt> {
  const exp = Math.min(expiry(now, grant.ttlSeconds, signer.verifyUntil), Math.floor(callerExpiresAt));
  const issuedAt = now - ASSERTION_BACKDATE_SECONDS;
  return sign(signer, {
    ...grant.claims,
    iss: issuer,
    sub: grant.username,
    aud: grant.audience,
    iat: issuedAt,
    nbf: issuedAt,
    exp,
  });
}
