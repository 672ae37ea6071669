import { importKey } from "../../../shared/jwk/key-algorithm.ts";
import { judgeKey } from "../../../shared/jwk/public-key.ts";
import { verifySignature } from "../../../shared/jwk/verify-signature.ts";
import { decodeBase64url } from "../../../shared/strict/base64url.ts";
import type { SignatureVector } from "./signature-vectors.ts";

/** What the judges of this project say of a vector: from the JWK and the texts of a token to the verdict. */
export async function judgeSignature({
  algorithm,
  jwk,
  message,
  signature,
}: SignatureVector): Promise<boolean> {
  const key = judgeKey(jwk, "sig");
  if (!key.ok) throw new Error(`the key of a vector is refused: ${key.error.reason}`);
  const imported = await importKey(key.value, algorithm);
  const [signingInput, bytes] = [decodeBase64url(message), decodeBase64url(signature)];
  if (imported === undefined || signingInput === undefined || bytes === undefined) {
    throw new Error("a vector is not well formed");
  }
  return verifySignature(algorithm, imported, { signingInput, signature: bytes });
}
