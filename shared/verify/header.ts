import type { JsonObject, JsonValue } from "../json.ts";
import { JWT_SVID_ALGORITHMS, type JwsAlgorithmName } from "../jws-algorithms.ts";
import { err, ok, type Result } from "../result.ts";
import { refuse, type SvidRefusal } from "./refusal.ts";

/** The header of a JWT-SVID. `kid` may choose one of the expected keys, and nothing more. */
export interface SvidHeader {
  readonly algorithm: JwsAlgorithmName;
  readonly kid: string;
}

/** JWT-SVID §2: no other header parameter may be there. */
const PARAMETERS: ReadonlySet<string> = new Set(["alg", "kid", "typ"]);
/** JWT-SVID §2.3, letter by letter as go-spiffe compares. */
const TYPES: ReadonlySet<JsonValue | undefined> = new Set([undefined, "JWT", "JOSE"]);

/**
 * Judges the header of a JWT-SVID (JWT-SVID §2). Its `kid` is optional in the specification, and demanded by every
 * mainstream library: without it, each key would have to be tried.
 */
export function judgeSvidHeader(header: JsonObject): Result<SvidHeader, SvidRefusal> {
  if (!Object.keys(header).every((name) => PARAMETERS.has(name))) {
    return err(refuse("header_refused", "has a header parameter other than alg, kid and typ"));
  }
  const algorithm = JWT_SVID_ALGORITHMS.find((name) => name === header["alg"]);
  if (algorithm === undefined) {
    return err(refuse("algorithm_refused", `is not signed with one of ${JWT_SVID_ALGORITHMS.join(", ")}`));
  }
  if (!TYPES.has(header["typ"])) return err(refuse("header_refused", "has a typ that is not JWT or JOSE"));
  const { kid } = header;
  if (typeof kid !== "string" || kid === "") {
    return err(refuse("header_refused", "has no kid, or a kid that is not text"));
  }
  return ok({ algorithm, kid });
}
