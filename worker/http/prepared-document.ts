import { bytesToHex } from "@noble/hashes/utils.js";
import { TIMING } from "../../shared/key-timing.ts";

/** A published JSON document, ready to be sent: serialised and hashed once for each of its versions. */
interface PreparedDocument {
  readonly body: string;
  /** A strong validator (RFC 9110 §8.8.3): the hash of the body. */
  readonly etag: string;
  readonly headers: Headers;
}

async function prepareDocument(content: unknown): Promise<PreparedDocument> {
  const body = JSON.stringify(content);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(body)));
  const hex = bytesToHex(digest.subarray(0, 16));
  const etag = `"${hex}"`;
  const headers = new Headers({
    "content-type": "application/json; charset=utf-8",
    "cache-control": `public, max-age=${TIMING.maxAge}`,
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "etag",
    "x-content-type-options": "nosniff",
    etag,
  });
  return { body, etag, headers };
}

/** Answers GET and HEAD, with 304 where the caller's copy is still the current one (RFC 9110 §13.1.2). */
export function respondDocument(request: Request, { body, etag, headers }: PreparedDocument): Response {
  if (matches(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  return new Response(request.method === "HEAD" ? null : body, { headers });
}

function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^W\//, "") === etag);
}

/** Keeps the last version of each document, so that most responses neither serialise nor hash. */
export function createDocumentCache() {
  const kept = new Map<string, { readonly version: string; readonly document: PreparedDocument }>();
  return async (name: string, version: string, content: () => unknown): Promise<PreparedDocument> => {
    const last = kept.get(name);
    if (last?.version === version) return last.document;
    const document = await prepareDocument(content());
    kept.set(name, { version, document });
    return document;
  };
}

export type DocumentCache = ReturnType<typeof createDocumentCache>;
