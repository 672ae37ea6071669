import { type Denial, deny } from "../denial.ts";
import type { JsonObject } from "../json.ts";
import { MAX_KID_LENGTH } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";

/** What the header of a subject token says of itself. Nothing here is verified. */
export interface UnverifiedHeader {
  readonly alg: string;
  readonly kid: string;
}

/**
 * Header parameters that would have the token bring its own key (RFC 7515 §4.1.2 to §4.1.6), change what was signed
 * (RFC 7797 §3, RFC 7516 §4.1), nest another token (RFC 7519 §5.2), or that nobody here understands though the signer
 * says that everybody must (RFC 7515 §4.1.11). `x5t` only names a key; GitHub sends it, and it is ignored.
 */
const REFUSED = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc", "cty"] as const;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

export function judgeHeader(header: JsonObject): Result<UnverifiedHeader, Denial> {
  for (const name of REFUSED) {
    if (Object.hasOwn(header, name)) return refuse(`The header parameter ${name} is refused.`);
  }
  if (Object.hasOwn(header, "typ") && !isJwtType(header["typ"])) {
    return refuse("The header parameter typ is not JWT.");
  }
  const kid = own(header, "kid");
  if (typeof kid !== "string") return refuse("The header parameter kid must be there, and be a string.");
  if (kid.length > MAX_KID_LENGTH || !PRINTABLE_ASCII.test(kid)) {
    return refuse(`The header parameter kid must be 1 to ${MAX_KID_LENGTH} printable ASCII characters.`);
  }
  const alg = own(header, "alg");
  if (typeof alg !== "string") return refuse("The header parameter alg must be there, and be a string.");
  return ok({ alg, kid });
}

/** RFC 7515 §4.1.9: a media type, compared without case, whose `application/` may be left out. */
function isJwtType(typ: unknown): boolean {
  if (typeof typ !== "string") return false;
  const type = typ.toLowerCase();
  return type === "jwt" || type === "application/jwt";
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function refuse(detail: string): Result<never, Denial> {
  return err(deny("token_header_refused", detail));
}
