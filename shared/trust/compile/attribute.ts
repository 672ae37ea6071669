import { didYouMean } from "../../nearest-word.ts";
import { err, ok, type Result } from "../../result.ts";
import { type Attribute, CLAIM_ROOT, canonicalName } from "../model/attribute.ts";
import { DERIVED, isDerivedName } from "../model/derived.ts";

const EXAMPLE = `write jwt.claim.NAME, or jwt.claim["a/b.c"] for a name with other characters`;

/** One step of an attribute: `.name`, or `["any name"]` with the escapes of a JSON string. */
const STEP = /\.([A-Za-z0-9_-]+)|\[("(?:[^"\\]|\\.)*")\]/y;
const ROOT = /[A-Za-z0-9_-]+/y;

/** @returns the attribute under its canonical name, or what is wrong with the text and what to write. */
export function parseAttribute(text: string): Result<Attribute, string> {
  const scanned = scanAttribute(text, 0);
  if (scanned.ok && scanned.value.end === text.length) return ok(scanned.value.attribute);
  if (!scanned.ok && !text.startsWith(`${CLAIM_ROOT}.`)) return scanned;
  const name = text.slice(CLAIM_ROOT.length).replace(/^\./, "");
  return err(
    `${JSON.stringify(text)} is not an attribute; write ${canonicalName([name])} for the claim ${name}`,
  );
}

/** Reads the attribute that starts at `start` and says where it ends. */
export function scanAttribute(
  text: string,
  start: number,
): Result<{ attribute: Attribute; end: number }, string> {
  const { names, end } = scanSteps(text, start);
  const written = text.slice(start, end);
  if (names === undefined) return err(`${shownAt(text, start)}; ${EXAMPLE}`);
  const [root, second, ...path] = names;
  if (second === undefined) {
    return err(`${written} is not an attribute; write jwt.claim.${written} for the claim of this name`);
  }
  if (root === "jwt" && second === "claim") {
    if (!isClaimPath(path)) return err(`${written} names no claim; ${EXAMPLE}`);
    return ok({ attribute: { kind: "claim", name: canonicalName(path), path }, end });
  }
  if (isDerivedName(written)) return ok({ attribute: { kind: "derived", name: written }, end });
  const hint = didYouMean(written, Object.keys(DERIVED)) || `; ${EXAMPLE}`;
  return err(`no issuer type derives the attribute ${written}${hint}`);
}

function scanSteps(text: string, start: number): { names: string[] | undefined; end: number } {
  ROOT.lastIndex = start;
  const root = ROOT.exec(text)?.[0];
  if (root === undefined) return { names: undefined, end: start };
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

function isClaimPath(path: readonly string[]): path is readonly [string, ...string[]] {
  return path.length > 0;
}

function shownAt(text: string, start: number): string {
  const rest = text.slice(start, start + 60).trim();
  return rest === "" ? "the attribute is missing" : `${JSON.stringify(rest)} is not an attribute`;
}
