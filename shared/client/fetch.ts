import { readBounded } from "../bounded-body.ts";

/**
 * The part of `fetch` that the clients use, so that a process may hand in the platform's own or one that knows its
 * proxy, and a test one that fails as it likes.
 */
export type Fetch = (url: string, ask: Ask) => Promise<Answer>;

export interface Ask {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** A redirect is an answer to judge, never one to follow: credentials go where they were sent, nowhere else. */
  readonly redirect: "manual";
  /** Covers the headers and the body. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * Reads a body of at most `limit` bytes as UTF-8; throws what the stream throws.
 *
 * @returns the text, or `undefined` where the body is longer.
 */
export async function readText(answer: Answer, limit: number): Promise<string | undefined> {
  const bytes = await readBounded(answer.body, limit);
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
