import type { JsonObject } from "../../shared/json.ts";
import { JWS_ALGORITHMS } from "../../shared/jws-algorithms.ts";
import { encodeBase64url } from "../../shared/strict/base64url.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";

/** RFC 7519 §4.1.7 asks for a negligible chance of two equal ids; 128 random bits. */
const JTI_BYTES = 16;

const encoder = new TextEncoder();

/** What signs. The key is not extractable. */
export interface Signer {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly key: CryptoKey;
  /** Unix seconds until which the key stays published. */
  readonly verifyUntil: number;
}

/** A JWT that was signed, and what the log may say of it. */
export interface SignedJwt {
  readonly token: string;
  readonly jti: string;
  /** The key that signed it. */
  readonly kid: string;
  /** Unix seconds. */
  readonly exp: number;
}

/** Signs claims in the compact form of RFC 7515 §7.1, under a fresh `jti`, with the header of a JWT-SVID (JWT-SVID §2). */
export async function sign(
  signer: Signer,
  claims: JsonObject & { readonly exp: number },
): Promise<SignedJwt> {
  const jti = encodeBase64url(crypto.getRandomValues(new Uint8Array(JTI_BYTES)));
  const { algorithm, kid, key } = signer;
  // JWT-SVID §2: any other header parameter makes the SVID invalid.
  const signed = `${part({ alg: algorithm, kid, typ: "JWT" })}.${part({ ...claims, jti })}`;
  const { signatureParams } = JWS_ALGORITHMS[algorithm];
  const signature = await crypto.subtle.sign(signatureParams, key, encoder.encode(signed));
  return { token: `${signed}.${encodeBase64url(new Uint8Array(signature))}`, jti, kid, exp: claims.exp };
}

function part(json: object): string {
  return encodeBase64url(encoder.encode(JSON.stringify(json)));
}
