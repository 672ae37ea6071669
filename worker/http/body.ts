import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { MAX_REQUEST_BODY_BYTES } from "../limits.ts";

const TOO_LARGE = deny("body_too_large", `The body is larger than ${MAX_REQUEST_BODY_BYTES} bytes.`);
const NOT_UTF8 = deny("body_malformed", "The body is not UTF-8.");
const CUT_OFF = deny("body_malformed", "The body ended before it was complete.");

/** Reads a body as UTF-8, giving up at the first byte past the limit. */
export async function readBody(request: Request): Promise<Result<string, Denial>> {
  if (Number(request.headers.get("content-length") ?? 0) > MAX_REQUEST_BODY_BYTES) return err(TOO_LARGE);
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.byteLength;
      if (size > MAX_REQUEST_BODY_BYTES) return err(TOO_LARGE);
      chunks.push(chunk);
    }
  } catch {
    return err(CUT_OFF);
  }
  return decodeUtf8(chunks, size);
}

function decodeUtf8(chunks: readonly Uint8Array[], size: number): Result<string, Denial> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err(NOT_UTF8);
  }
}
