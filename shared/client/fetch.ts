import { readBounded } from "../bounded-body.ts";

/**
 * The part of `fetch` that the clients use, so that a process may hand in the platform's own or one that knows its
 * proxy, and a test one that fails as it likes.
 */
export type Fetch = (url: string, request: HttpRequest) => Promise<HttpResponse>;

export interface HttpRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A redirect is a response to judge, never one to follow: a credential goes to the URL that was named, nowhere else. */
  readonly redirect: "manual";
  /** Covers the headers and the body of the response. */
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The network of the process. */
export interface HttpPorts {
  readonly fetch: Fetch;
  /** A signal that aborts after this time, as `AbortSignal.timeout` gives. */
  readonly timeoutSignal: (ms: number) => AbortSignal;
}

/** A `fetch` that names in each request the program that sends it (RFC 9110 §10.1.5). */
export function withUserAgent(fetch: Fetch, userAgent: string): Fetch {
  return (url, request) =>
    fetch(url, { ...request, headers: { ...request.headers, "user-agent": userAgent } });
}

/** An attempt that hangs is given up after this time, and the next one begins. */
const ATTEMPT_TIMEOUT_MS = 10_000;

/** Covers one request, headers and body, within the time that is left. */
export function attemptSignal(leftMs: number, { timeoutSignal }: HttpPorts): AbortSignal {
  return timeoutSignal(Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, leftMs)));
}

/**
 * Reads a body of at most `limit` bytes as UTF-8; throws what the stream throws.
 *
 * @returns the text, or `undefined` where the body is longer.
 */
export async function readText(response: HttpResponse, limit: number): Promise<string | undefined> {
  const bytes = await readBounded(response.body, limit);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

/** @returns the value that the text holds as JSON, or `undefined` where it holds none. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
