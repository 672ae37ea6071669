import { isJsonObject } from "../../json.ts";

/**
 * The JSON text that is stored in KV for a document that compiles, and that `configVersion` is made of. The document's
 * own tests stay in git.
 */
export function storedText(document: unknown): string {
  if (!isJsonObject(document)) throw new TypeError("only a document that compiles is stored");
  const { tests: _, ...stored } = document;
  return JSON.stringify(stored);
}
