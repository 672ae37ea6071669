import type { JsonObject } from "../json.ts";
import { readCompactJws } from "../strict/compact-jws.ts";

/** What a token says of itself. Nothing is verified: it is for display, and nothing may be decided by it. */
export interface UnverifiedToken {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** @returns `undefined` where the text is no JWT in compact serialisation. */
export function unverifiedToken(token: string): UnverifiedToken | undefined {
  const read = readCompactJws(token);
  if (!read.ok) return undefined;
  const { header, claims } = read.value;
  return { header, claims };
}
