import { JWS_ALGORITHMS, type JwsAlgorithmName } from "../jws-algorithms.ts";

/** What is to be verified: the bytes that were signed (RFC 7515 §5.2), and the signature over them. */
export interface SignedBytes {
  readonly signingInput: Uint8Array<ArrayBuffer>;
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * Whether the signature holds. Runtimes answer a signature of an impossible size or form with false or with an
 * exception, as they like: whoever sends one must meet a refusal and never an error of the service.
 *
 * @param key imported for this algorithm.
 */
export async function verifySignature(
  algorithm: JwsAlgorithmName,
  key: CryptoKey,
  { signature, signingInput }: SignedBytes,
): Promise<boolean> {
  try {
    return await crypto.subtle.verify(
      JWS_ALGORITHMS[algorithm].signatureParams,
      key,
      signature,
      signingInput,
    );
  } catch {
    return false;
  }
}
