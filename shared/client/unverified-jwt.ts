import type { JsonObject } from "../json.ts";
import { readCompactJws } from "../strict/compact-jws.ts";

/** What a JWT says of itself. Nothing is verified: it is for display, and nothing may be decided by it. */
export interface UnverifiedJwt {
  readonly header: JsonObject;
  readonly claims: JsonObject;
}

/** @returns `undefined` where the text is no JWT in compact serialisation. */
export function unverifiedJwt(token: string): UnverifiedJwt | undefined {
  const read = readCompactJws(token);
  if (!read.ok) return undefined;
  const { header, claims } = read.value;
  return { header, claims };
}
