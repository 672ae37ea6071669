import { TIMING } from "../../shared/key-timing.ts";
import type { Grant } from "../../shared/svid.ts";
import { type SignedJwt, type Signer, sign } from "./sign.ts";

export interface MintInput {
  readonly grant: Grant;
  readonly signer: Signer;
  readonly issuer: string;
  /** Unix seconds. */
  readonly now: number;
}

/** Signs the JWT-SVID that was granted (JWT-SVID §2, §3). */
export function mint({ grant, signer, issuer, now }: MintInput): Promise<SignedJwt> {
  const exp = expiry(now, grant.ttlSeconds, signer.verifyUntil);
  return sign(signer, {
    ...grant.claims,
    iss: issuer,
    sub: grant.spiffeId,
    aud: grant.audience,
    exp,
    iat: now,
  });
}

/** The `exp` of an SVID: no relying party, with its leeway and its clock, takes it once its key is out of sight. */
export function expiry(now: number, ttlSeconds: number, verifyUntil: number, timing = TIMING): number {
  return Math.min(now + ttlSeconds, verifyUntil - timing.leeway - timing.clockSkew);
}
