import type { JsonObject } from "../../../shared/json.ts";
import { JWS_ALGORITHMS } from "../../../shared/jws-algorithms.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { publicJwkOf, thumbprint } from "../ring/public-jwk.ts";
import type { NewKey } from "../ring/ring-plan.ts";
import type { PrivateMembers } from "../seal.ts";

/** WebCrypto's parameters for a new key pair. RSA keys have 2048 bits or more (RFC 7518 §3.3). */
const GENERATION = {
  ES256: JWS_ALGORITHMS.ES256.keyParams,
  RS256: {
    ...JWS_ALGORITHMS.RS256.keyParams,
    modulusLength: 2_048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
} as const satisfies Record<SvidAlgorithm, object>;

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"];

/** Makes a key pair. RSA takes up to seconds of CPU: only the keeper calls this, off every request's path. */
export async function generateKey(algorithm: SvidAlgorithm): Promise<NewKey<PrivateMembers>> {
  const pair = await crypto.subtle.generateKey(GENERATION[algorithm], true, ["sign", "verify"]);
  const jwk = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as JsonObject;
  const publicJwk = publicJwkOf(algorithm, jwk);
  const secret = Object.fromEntries(
    PRIVATE_MEMBERS.flatMap((name) => (typeof jwk[name] === "string" ? [[name, jwk[name]]] : [])),
  );
  return { kid: thumbprint(publicJwk), publicJwk, secret };
}
