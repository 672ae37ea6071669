import { parseJson } from "../../shared/client/fetch.ts";
import type { JsonValue } from "../../shared/json.ts";
import { configVersion } from "../../shared/trust/document/version.ts";
import { type Change, diffDocuments } from "./document-diff.ts";

/** What an apply changes. */
export interface ChangePlan {
  /** Config version of the document in KV; `undefined` where there is none. */
  readonly from: string | undefined;
  /** Config version of the new document. */
  readonly to: string;
  /** Empty where the two versions are the same. */
  readonly changes: readonly Change[];
}

/**
 * Compares the stored text with the text to store.
 *
 * @param current the text in KV. A text that is not JSON, as a person may have put it there, is replaced as a whole.
 */
export function planChanges(current: string | undefined, next: string): ChangePlan {
  const to = configVersion(next);
  if (current === undefined)
    return { from: undefined, to, changes: [{ kind: "added", path: "the whole document" }] };
  const from = configVersion(current);
  if (from === to) return { from, to, changes: [] };
  const changes = diffDocuments(parseJson(current) as JsonValue | undefined, parseJson(next) as JsonValue);
  return {
    from,
    to,
    changes: changes.length > 0 ? changes : [{ kind: "changed", path: "the notation; no value changes" }],
  };
}
