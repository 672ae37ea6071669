import type { JsonObject } from "../../../shared/json.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { ALGORITHMS, publicJwkOf, thumbprint } from "../ring/public-jwk.ts";
import type { NewKey } from "../ring/ring-plan.ts";
import type { PrivateMembers } from "../seal.ts";

const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi"];

/** Makes a key pair. RSA takes up to seconds of CPU: only the keeper calls this, off every request's path. */
export async function generateKey(algorithm: SvidAlgorithm): Promise<NewKey<PrivateMembers>> {
  const pair = await crypto.subtle.generateKey(ALGORITHMS[algorithm].create, true, ["sign", "verify"]);
  const jwk = (await crypto.subtle.exportKey("jwk", pair.privateKey)) as JsonObject;
  const publicJwk = publicJwkOf(algorithm, jwk);
  const secret = Object.fromEntries(
    PRIVATE_MEMBERS.flatMap((name) => (typeof jwk[name] === "string" ? [[name, jwk[name]]] : [])),
  );
  return { kid: thumbprint(publicJwk), publicJwk, secret };
}
