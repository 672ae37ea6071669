import { type Denial, deny } from "../denial.ts";
import { type JsonObject, type JsonValue, ownMember } from "../json.ts";
import { judgeKid } from "../jwk/kid.ts";
import { MAX_KID_LENGTH } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";

/** What the header of a subject token says of itself. Nothing here is verified. */
export interface UnverifiedHeader {
  readonly alg: string;
  readonly kid: string;
}

/**
 * Header parameters with which a token would bring its own key (RFC 7515 §4.1.2 to §4.1.6), change what was signed
 * (RFC 7797 §3, RFC 7516 §4.1), hold another token (RFC 7519 §5.2), or demand an extension (RFC 7515 §4.1.11), of which
 * the exchange supports none. `x5t` only names a key: GitHub sends it, and it is ignored.
 */
const REFUSED = ["crit", "b64", "jku", "jwk", "x5u", "x5c", "zip", "enc", "cty"] as const;

export function judgeHeader(header: JsonObject): Result<UnverifiedHeader, Denial> {
  const refused = REFUSED.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) return refuse(`The header parameter ${refused} is refused.`);
  if (Object.hasOwn(header, "typ") && !isJwtType(ownMember(header, "typ"))) {
    return refuse("The header parameter typ is not JWT.");
  }
  const kid = judgeKid(ownMember(header, "kid"));
  if (!kid.ok)
    return refuse(`The header parameter kid must be 1 to ${MAX_KID_LENGTH} printable ASCII characters.`);
  const alg = ownMember(header, "alg");
  if (typeof alg !== "string") return refuse("The header parameter alg must be there, and be a string.");
  return ok({ alg, kid: kid.value });
}

/** RFC 7515 §4.1.9: a media type, compared without case, whose `application/` may be left out. */
function isJwtType(typ: JsonValue | undefined): boolean {
  if (typeof typ !== "string") return false;
  const type = typ.toLowerCase();
  return type === "jwt" || type === "application/jwt";
}

function refuse(detail: string): Result<never, Denial> {
  return err(deny("token_header_refused", detail));
}
