import type { Result } from "../../result.ts";

/** Reads the attribute that starts at `start` of a text, and says where it ends; or says what is wrong and what to write. */
export type ScanAttribute<A> = (
  text: string,
  start: number,
) => Result<{ readonly attribute: A; readonly end: number }, string>;

/** One step of an attribute: `.name`, or `["any name"]` with the escapes of a JSON string. */
const STEP = /\.([A-Za-z0-9_-]+)|\[("(?:[^"\\]|\\.)*")\]/y;
const ROOT = /[A-Za-z0-9_-]+/y;

/** Reads the names of an attribute as far as they go: `a.b["c d"]` has three. None where the text does not start with one. */
export function scanNames(text: string, start: number): { names: readonly string[]; end: number } {
  ROOT.lastIndex = start;
  const root = ROOT.exec(text)?.[0];
  if (root === undefined) return { names: [], end: start };
  const names = [root];
  let end = start + root.length;
  for (let step = stepAt(text, end); step !== undefined; step = stepAt(text, end)) {
    names.push(step.name);
    end = step.end;
  }
  return { names, end };
}

function stepAt(text: string, at: number): { name: string; end: number } | undefined {
  STEP.lastIndex = at;
  const [whole, plain, quoted] = STEP.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const name = plain ?? unquote(quoted ?? "");
  return name === undefined ? undefined : { name, end: at + whole.length };
}

function unquote(quoted: string): string | undefined {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return undefined;
  }
}

/** Whether an attribute goes on after its root: with one name at least. */
export function isNotEmpty(names: readonly string[]): names is readonly [string, ...string[]] {
  return names.length > 0;
}

/** The text where an attribute is missing, as the subject of a message. */
export function shownAt(text: string, start: number): string {
  const rest = text.slice(start, start + 60).trim();
  return rest === "" ? "the attribute is missing" : `${JSON.stringify(rest)} is not an attribute`;
}
