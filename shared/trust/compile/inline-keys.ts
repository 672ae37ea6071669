import { isJsonObject, type JsonObject } from "../../json.ts";
import type { Path } from "../../shape.ts";
import { errorAt, type Report } from "../model/problem.ts";

/** RFC 7518 §6.2.2, §6.3.2 and §6.4: what only the holder of a private or symmetric key has. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/** What each kind of public key needs (RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2). */
const KINDS: Readonly<
  Record<string, { readonly members: readonly string[]; readonly curves?: readonly string[] }>
> = {
  RSA: { members: ["n", "e"] },
  EC: { members: ["x", "y"], curves: ["P-256", "P-384", "P-521"] },
  OKP: { members: ["x"], curves: ["Ed25519"] },
};

/** Base64url characters of a modulus of 2048 bits. */
const MIN_MODULUS_LENGTH = Math.ceil((256 * 4) / 3);
const BASE64URL = /^[A-Za-z0-9_-]+$/;

/** Judges the keys of an inline set: public, asymmetric, strong enough, each with a `kid` of its own. */
export function compileInlineKeys(keys: readonly unknown[], at: Path, report: Report): readonly JsonObject[] {
  const kids = new Set<string>();
  return keys.filter((key, index): key is JsonObject => {
    const problem = keyProblem(key, kids);
    if (problem !== undefined) report(errorAt([...at, index], "inline-keys", problem));
    if (isJsonObject(key)) kids.add(String(key["kid"]));
    return problem === undefined;
  });
}

function keyProblem(key: unknown, kids: ReadonlySet<string>): string | undefined {
  if (!isJsonObject(key)) return "this is not a key; write a JWK object, as the issuer publishes it";
  const secret = PRIVATE_MEMBERS.find((name) => Object.hasOwn(key, name));
  if (secret !== undefined)
    return `the key holds its private part (${secret}); write the public key alone, and replace the key`;
  const kind = Object.hasOwn(KINDS, String(key["kty"])) ? KINDS[String(key["kty"])] : undefined;
  if (kind === undefined)
    return `kty is none of ${Object.keys(KINDS).join(", ")}; write a public key of one of these kinds`;
  if (kind.curves?.includes(String(key["crv"])) === false)
    return `crv is not known; write a key on ${kind.curves.join(" or ")}`;
  const missing = kind.members.find((name) => !BASE64URL.test(String(key[name] ?? "")));
  if (missing !== undefined)
    return `${missing} is missing or not base64url; copy the key as the issuer publishes it`;
  if (key["kty"] === "RSA" && String(key["n"]).length < MIN_MODULUS_LENGTH) {
    return "the RSA key is shorter than 2048 bits; have the issuer use a longer one";
  }
  if (key["use"] !== undefined && key["use"] !== "sig") return 'use is not "sig"; write a key that signs';
  const { kid } = key;
  if (typeof kid !== "string" || kid === "")
    return "kid is missing; add the one that the issuer's tokens name";
  return kids.has(kid) ? `the kid ${JSON.stringify(kid)} is there twice; remove one` : undefined;
}
