import { JWS_ALGORITHMS } from "../../shared/jws-algorithms.ts";
import { TIMING } from "../../shared/key-timing.ts";
import { encodeBase64url } from "../../shared/strict/base64url.ts";
import type { Grant, SvidAlgorithm } from "../../shared/svid.ts";

/** RFC 7519 §4.1.7 asks for a negligible chance of two equal ids; 128 random bits. */
const JTI_BYTES = 16;

const encoder = new TextEncoder();

/** What signs an SVID. The key is not extractable. */
export interface Signer {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly key: CryptoKey;
  /** Unix seconds until which the key stays published. */
  readonly verifyUntil: number;
}

export interface MintInput {
  readonly grant: Grant;
  readonly signer: Signer;
  readonly issuer: string;
  /** Unix seconds. */
  readonly now: number;
}

export interface MintedSvid {
  readonly token: string;
  readonly jti: string;
  /** The key that signed it. */
  readonly kid: string;
  /** Unix seconds. */
  readonly exp: number;
}

/** Signs the JWT-SVID that was granted (JWT-SVID §2, §3), in the compact form of RFC 7515 §7.1. */
export async function mint({ grant, signer, issuer, now }: MintInput): Promise<MintedSvid> {
  const jti = encodeBase64url(crypto.getRandomValues(new Uint8Array(JTI_BYTES)));
  const exp = expiry(now, grant.ttlSeconds, signer.verifyUntil);
  const claims = {
    ...grant.claims,
    iss: issuer,
    sub: grant.spiffeId,
    aud: grant.audience,
    exp,
    iat: now,
    jti,
  };
  // JWT-SVID §2: any other header parameter makes the SVID invalid.
  const header = { alg: signer.algorithm, kid: signer.kid, typ: "JWT" };
  const signed = `${part(header)}.${part(claims)}`;
  const { signatureParams } = JWS_ALGORITHMS[signer.algorithm];
  const signature = await crypto.subtle.sign(signatureParams, signer.key, encoder.encode(signed));
  return { token: `${signed}.${encodeBase64url(new Uint8Array(signature))}`, jti, kid: signer.kid, exp };
}

/** The `exp` of an SVID: no relying party, with its leeway and its clock, takes it once its key is out of sight. */
export function expiry(now: number, ttlSeconds: number, verifyUntil: number, timing = TIMING): number {
  return Math.min(now + ttlSeconds, verifyUntil - timing.leeway - timing.clockSkew);
}

function part(json: object): string {
  return encodeBase64url(encoder.encode(JSON.stringify(json)));
}
