import { type Denial, deny } from "../../shared/denial.ts";
import { MAX_TOKEN_BYTES } from "../../shared/limits.ts";
import { err, ok, type Result } from "../../shared/result.ts";

const SCHEME = /^bearer(?: |$)/i;
/** RFC 6750 §2.1: one token, in the alphabet of `b64token`. Two headers arrive as one whose values a comma joins. */
const BEARER = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i;

/** Reads the caller's token. It counts in `Authorization` alone: URLs and cookies end up in logs. */
export function bearerToken(headers: Headers): Result<string, Denial> {
  const authorization = headers.get("authorization");
  if (authorization === null) {
    return err(deny("caller_token_missing", "The request has no Authorization header."));
  }
  if (!SCHEME.test(authorization)) {
    return err(deny("caller_token_missing", "The Authorization header has no bearer token."));
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    return err(
      deny("caller_token_refused", "The Authorization header has more than one bearer token, or none."),
    );
  }
  return token.length > MAX_TOKEN_BYTES
    ? err(deny("caller_token_refused", `The token is longer than ${MAX_TOKEN_BYTES} bytes.`))
    : ok(token);
}
