import { readBounded } from "../bounded-body.ts";
import { withinDeadline } from "../deadline.ts";
import type { JsonObject } from "../json.ts";
import { MAX_UPSTREAM_BYTES, MAX_UPSTREAM_MEMBERS, UPSTREAM_TIMEOUT_SECONDS } from "../limits.ts";
import { isLoopback } from "../loopback.ts";
import { err, type Result } from "../result.ts";
import { parseStrictObject } from "../strict/json.ts";

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * Fetches one JSON object from an issuer, past every cache: GitLab lets its keys be cached for a day, which would hide
 * a rotation. Redirects are not followed (Workers would send the request on to any host), only 200 counts, and one
 * deadline covers the headers and the body, which is counted after decompression as it streams in.
 *
 * @returns the object, or what went wrong as words without any byte of the answer.
 */
export async function fetchJsonObject(fetch: Fetch, url: string): Promise<Result<JsonObject, string>> {
  if (!isFetchable(url)) return err("is not an https address");
  const signal = AbortSignal.timeout(UPSTREAM_TIMEOUT_SECONDS * 1000);
  const headers = { accept: "application/json" };
  try {
    const asked = fetch(url, { redirect: "manual", cache: "no-store", signal, headers });
    const response = await withinDeadline(asked, signal);
    if (response.status !== 200) {
      discard(response.body);
      return err(`answered with status ${response.status}`);
    }
    const bytes = await withinDeadline(readBounded(response.body, MAX_UPSTREAM_BYTES), signal);
    if (bytes === undefined) return err(`sent more than ${MAX_UPSTREAM_BYTES} bytes`);
    const parsed = parseStrictObject(bytes, MAX_UPSTREAM_MEMBERS);
    return parsed.ok ? parsed : err(`sent a body that ${parsed.error}`);
  } catch {
    return err(signal.aborted ? "did not answer in time" : "could not be reached");
  }
}

/** https everywhere; http on loopback, for local work. Credentials in an address would end up in logs. */
export function isFetchable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function discard(body: ReadableStream | null): void {
  body?.cancel().catch(() => undefined);
}
