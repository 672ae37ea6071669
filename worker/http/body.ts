import { readBounded } from "../../shared/bounded-body.ts";
import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { MAX_REQUEST_BODY_BYTES } from "../limits.ts";

const TOO_LARGE = deny("body_too_large", `The body is larger than ${MAX_REQUEST_BODY_BYTES} bytes.`);
const NOT_UTF8 = deny("body_malformed", "The body is not UTF-8.");
const CUT_OFF = deny("body_malformed", "The body ended before it was complete.");

/**
 * Reads a body as UTF-8, and never more of it than the limit. HTTP framing holds a body to its declared length (RFC 9112
 * §6.3), so such a body is read as a whole, which is several times faster than chunk by chunk.
 */
export async function readBody(request: Request): Promise<Result<string, Denial>> {
  const declared = request.headers.get("content-length");
  if (declared !== null && !(Number(declared) <= MAX_REQUEST_BODY_BYTES)) return err(TOO_LARGE);
  try {
    const bytes =
      declared === null
        ? await readBounded(request.body, MAX_REQUEST_BODY_BYTES)
        : await request.arrayBuffer();
    return bytes === undefined || bytes.byteLength > MAX_REQUEST_BODY_BYTES
      ? err(TOO_LARGE)
      : decodeUtf8(bytes);
  } catch {
    return err(CUT_OFF);
  }
}

function decodeUtf8(bytes: Uint8Array | ArrayBuffer): Result<string, Denial> {
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err(NOT_UTF8);
  }
}
