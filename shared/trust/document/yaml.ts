import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import { err, ok, type Result } from "../../result.ts";
import type { Path } from "../../shape.ts";
import type { Problem } from "../model/problem.ts";

/** The YAML of a trust document as the plain value that `compileTrust` takes, and where each entry is. */
export interface TrustYaml {
  readonly value: unknown;
  /** The position of an entry: of its name in a mapping, else of its value. Where the path does not exist: of the nearest entry above. */
  readonly positionOf: (path: Path) => Position;
}

/** Both from 1, as editors count. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A problem of the text itself. It has a position and no path. */
export interface SyntaxProblem extends Problem, Position {}

/** More than 10,000 policies need, and less than one KV value can hold (25 MiB). */
const MAX_TEXT_LENGTH = 16 * 1024 * 1024;

/** What the parser calls an error, and what to write instead. */
const ADVICE: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "the mapping already has an entry of this name; keep one of the two",
  MULTIPLE_DOCS: "a second document begins here; write one document, without ---",
  TAB_AS_INDENT: "a tab indents this line; write spaces instead",
};

/**
 * Reads the YAML of a trust document: one document of plain mappings, lists and scalars. Anchors, aliases, tags, names
 * that are not strings and numbers that would not come out as they are written are refused.
 */
export function parseTrustYaml(text: string): Result<TrustYaml, readonly SyntaxProblem[]> {
  if (text.length > MAX_TEXT_LENGTH)
    return err([
      syntaxProblem({ line: 1, column: 1 }, "the document is longer than 16 MiB; write a shorter one"),
    ]);
  const lines = new LineCounter();
  const at = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      version: "1.2",
      schema: "core",
      logLevel: "error",
      prettyErrors: false,
    });
    const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }) =>
      syntaxProblem(at(pos[0]), ADVICE[code] ?? `this is not valid YAML; correct it: ${message}`),
    );
    problems.push(...refusedNodes(document.contents, at));
    if (problems.length > 0) return err(problems.sort((a, b) => a.line - b.line || a.column - b.column));
    return ok({
      value: document.toJS({ maxAliasCount: 0 }),
      positionOf: (path) => at(offsetOf(document.contents, path)),
    });
  } catch (error) {
    // The parser recurses, so that deep nesting exhausts its stack. No trust document is nested as deeply.
    if (!(error instanceof RangeError)) throw error;
    return err([
      syntaxProblem({ line: 1, column: 1 }, "the document is nested too deeply; write fewer levels"),
    ]);
  }
}

function refusedNodes(contents: Node | null, at: (offset: number) => Position): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  visit(contents, (key, node) => {
    if (!isNode(node)) return;
    const message = nodeProblem(node, key === "key");
    if (message !== undefined) problems.push(syntaxProblem(at(node.range?.[0] ?? 0), message));
  });
  return problems;
}

function nodeProblem(node: Node, isName: boolean): string | undefined {
  if (isAlias(node)) return "an alias is not allowed; write the value itself";
  if (node.tag !== undefined) return `the tag ${node.tag} is not allowed; remove it`;
  if ("anchor" in node && node.anchor !== undefined)
    return "an anchor is not allowed; remove it, and write each value where it is used";
  if (!isScalar(node)) return isName ? "the name of this entry is not text; write text" : undefined;
  if (isName && typeof node.value !== "string")
    return `the name ${node.source ?? "of this entry"} is not text; put it in quotes`;
  const { value, source } = node;
  if (typeof value === "number" && String(value) !== source)
    return `the number ${source} would be read as ${value}; put it in quotes`;
  return undefined;
}

function offsetOf(contents: Node | null, path: Path): number {
  let node: unknown = contents;
  let offset = contents?.range?.[0] ?? 0;
  for (const step of path) {
    const found = isMap(node)
      ? entryOf(node.items, step)
      : isSeq(node)
        ? itemOf(node.items, step)
        : undefined;
    if (found === undefined) break;
    offset = found.offset ?? offset;
    node = found.node;
  }
  return offset;
}

function entryOf(items: readonly { key: unknown; value: unknown }[], step: string | number) {
  const pair = items.find(({ key }) => isScalar(key) && key.value === step);
  return pair && { node: pair.value, offset: isNode(pair.key) ? pair.key.range?.[0] : undefined };
}

function itemOf(items: readonly unknown[], step: string | number) {
  const item = typeof step === "number" ? items[step] : undefined;
  return isNode(item) ? { node: item, offset: item.range?.[0] } : undefined;
}

function syntaxProblem(position: Position, message: string): SyntaxProblem {
  return { path: [], message, severity: "error", rule: "syntax", ...position };
}
