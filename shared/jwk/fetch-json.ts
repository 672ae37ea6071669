import { readBounded } from "../bounded-body.ts";
import { withinDeadline } from "../deadline.ts";
import type { JsonObject } from "../json.ts";
import { KEY_FETCH_TIMEOUT_SECONDS, MAX_KEY_DOCUMENT_BYTES, MAX_KEY_DOCUMENT_MEMBERS } from "../limits.ts";
import { isConfidential } from "../loopback.ts";
import { err, type Result } from "../result.ts";
import { parseStrictObject } from "../strict/json.ts";

/** The network and the clock of the process, as far as reading a document of keys needs them. */
export interface KeyFetchPorts {
  readonly fetch: (url: string, request: KeyFetchRequest) => Promise<KeyFetchResponse>;
  /** A signal that aborts after this time, as `AbortSignal.timeout` gives. */
  readonly timeoutSignal: (ms: number) => AbortSignal;
}

export interface KeyFetchRequest {
  readonly method: "GET";
  readonly headers: Readonly<Record<string, string>>;
  readonly redirect: "manual";
  readonly cache: "no-store";
  readonly signal: AbortSignal;
}

export interface KeyFetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** Why a document was not read. */
export interface KeyFetchFailure {
  readonly url: string;
  /** Continues a sentence whose subject is the document or its address, and holds no byte of the response. */
  readonly what: string;
  /** The status of the response, where it was not 200. */
  readonly status?: number;
  /** What `fetch` or the body threw, where there was no response to judge. */
  readonly thrown?: unknown;
}

/**
 * Fetches one JSON object, past every cache: GitLab lets its keys be cached for a day, which would hide a rotation. A
 * redirect is not followed (Workers would send the request on to any host), only status 200 counts, and one deadline
 * covers the headers and the body, which is counted after decompression as it streams in.
 */
export async function fetchJsonObject(
  { fetch, timeoutSignal }: KeyFetchPorts,
  url: string,
): Promise<Result<JsonObject, KeyFetchFailure>> {
  const failed = (what: string) => err({ url, what });
  if (!isFetchable(url)) return failed("is not an https address");
  const signal = timeoutSignal(KEY_FETCH_TIMEOUT_SECONDS * 1000);
  const headers = { accept: "application/json" };
  try {
    const request = { method: "GET", headers, redirect: "manual", cache: "no-store", signal } as const;
    const { status, headers: received, body } = await withinDeadline(fetch(url, request), signal);
    if (status !== 200) {
      discard(body);
      return err({ url, what: `answered with status ${status}`, status });
    }
    if (!mayBeJson(received.get("content-type"))) {
      discard(body);
      return failed("has a Content-Type that is not of JSON");
    }
    const bytes = await withinDeadline(readBounded(body, MAX_KEY_DOCUMENT_BYTES), signal);
    if (bytes === undefined) return failed(`sent more than ${MAX_KEY_DOCUMENT_BYTES} bytes`);
    const parsed = parseStrictObject(bytes, MAX_KEY_DOCUMENT_MEMBERS);
    return parsed.ok ? parsed : failed(`sent a body that ${parsed.error}`);
  } catch (thrown) {
    return err({ url, what: signal.aborted ? "did not answer in time" : "could not be reached", thrown });
  }
}

/**
 * Media types of JSON (RFC 6839 §3.1), and those that a store of files gives where nobody named one. A page for people
 * is never a document of keys: whoever can put one at the address, as a user of the site can, is not the issuer.
 */
const JSON_TYPE =
  /^(?:(?:application|text)\/json|application\/[a-z0-9.-]+\+json|text\/plain|(?:application|binary)\/octet-stream)$/;

function mayBeJson(contentType: string | null): boolean {
  const type = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  return type === "" || JSON_TYPE.test(type);
}

/** https everywhere; http on loopback, for local work. Credentials in an address would end up in logs. */
export function isFetchable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  if (url.username !== "" || url.password !== "" || url.hash !== "") return false;
  return isConfidential(url);
}

function discard(body: AsyncIterable<Uint8Array> | null): void {
  body?.[Symbol.asyncIterator]()
    .return?.()
    .catch(() => undefined);
}
