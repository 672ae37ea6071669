import { isJsonObject, type JsonObject } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import { type KeyFault, keyFault } from "./key-fault.ts";
import { judgeMaterial, type KeyMaterial } from "./key-material.ts";
import { judgeKid } from "./kid.ts";

/** A public key that can verify signatures: only the members that import needs, so nothing else of a JWK goes further. */
export interface PublicKey extends KeyMaterial {
  readonly kid: string;
  /** The one algorithm that the publisher says the key is for, if it says. */
  readonly alg?: string;
}

/**
 * What `use` must be: `sig` in a JWK Set (RFC 7517 §4.2), where it may be left out, and `jwt-svid` in a SPIFFE bundle
 * (JWT-SVID §6.1), where it may not.
 */
export type KeyUse = "sig" | "jwt-svid";

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1: members that no published key may have. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"] as const;

/**
 * Judges one JWK (RFC 7517 §4): public, asymmetric, strong, well-formed, for signatures, and with a `kid`.
 *
 * @returns the key, or the first reason why it is of no use.
 */
export function judgeKey(jwk: unknown, use: KeyUse): Result<PublicKey, KeyFault> {
  if (!isJsonObject(jwk)) return err(keyFault("not_an_object"));
  const secret = PRIVATE_MEMBERS.find((name) => Object.hasOwn(jwk, name));
  if (secret !== undefined) return err(keyFault("private_member", secret));
  const kid = judgeKid(jwk["kid"]);
  if (!kid.ok) return kid;
  const { alg } = jwk;
  if (alg !== undefined && typeof alg !== "string") return err(keyFault("alg_not_text"));
  const misuse = useFault(jwk, use);
  if (misuse !== undefined) return err(misuse);
  const material = judgeMaterial(jwk);
  if (!material.ok) return material;
  return ok({ kid: kid.value, ...(alg === undefined ? {} : { alg }), ...material.value });
}

/** RFC 7517 §4.2, §4.3. */
function useFault({ use, key_ops: operations }: JsonObject, wanted: KeyUse): KeyFault | undefined {
  const isForUse = use === wanted || (use === undefined && wanted === "sig");
  if (!isForUse) return keyFault("use_differs", wanted);
  if (operations === undefined || (Array.isArray(operations) && operations.includes("verify")))
    return undefined;
  return keyFault("key_ops_without_verify");
}
