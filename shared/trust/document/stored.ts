import { isJsonObject } from "../../json.ts";

/**
 * The text that is put in KV for a document that compiles: what `configVersion` is the version of. The document's own
 * tests stay in git.
 */
export function storedText(document: unknown): string {
  if (!isJsonObject(document)) throw new TypeError("only a document that compiles is stored");
  const { tests: _, ...stored } = document;
  return JSON.stringify(stored);
}
