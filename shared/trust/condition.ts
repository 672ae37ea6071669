import { compileGlob, type Glob, matchesGlob } from "../glob.ts";
import { isJsonObject, type JsonObject } from "../json.ts";
import { type Attribute, parseAttribute } from "./attribute.ts";
import { type Attributes, attributeValue, canonicalScalar, elementsOf } from "./attributes.ts";
import { didYouMean } from "./nearest-word.ts";
import { errorAt, type Path, type Report } from "./problem.ts";
import { shown } from "./shape.ts";

/** What one attribute must be. A missing attribute passes `{exists: false}` and nothing else. */
export type Test =
  | { readonly kind: "any-of"; readonly literals: ReadonlySet<string>; readonly globs: readonly Glob[] }
  | { readonly kind: "none-of"; readonly literals: ReadonlySet<string>; readonly globs: readonly Glob[] }
  | { readonly kind: "exists"; readonly expected: boolean };

export interface Condition {
  /** The entry as the document writes it. */
  readonly key: string;
  readonly attribute: Attribute;
  readonly test: Test;
}

/** The most entries that `match`, or one entry of `deny`, may have, and the most values of one list. */
export const MAX_CONDITIONS = 32;
export const MAX_VALUES = 1_000;

const FORMS = "write a value, a list of values, {glob: …}, {not: …} or {exists: true}";

/**
 * Whether the condition holds. An array passes if any element does; `not` passes if every element is something that can
 * be compared and none of them is what it names.
 */
export function holds(condition: Condition, attributes: Attributes): boolean {
  const value = attributeValue(attributes, condition.attribute);
  const { test } = condition;
  if (test.kind === "exists") return (value !== undefined) === test.expected;
  if (value === undefined) return false;
  const matches = (text: string) =>
    test.literals.has(text) || test.globs.some((glob) => matchesGlob(glob, text));
  const elements = elementsOf(value).map(canonicalScalar);
  return test.kind === "any-of"
    ? elements.some((text) => text !== undefined && matches(text))
    : elements.every((text) => text !== undefined && !matches(text));
}

/** The values of a condition that lists them all (exact or any-of without a glob), or `undefined` for any other. */
export function literalsOf({ test }: Condition): ReadonlySet<string> | undefined {
  return test.kind === "any-of" && test.globs.length === 0 ? test.literals : undefined;
}

/** Compiles `match` or one entry of `deny`: AND over its entries. */
export function compileConditions(input: unknown, at: Path, report: Report): readonly Condition[] {
  const entries = isJsonObject(input) ? Object.entries(input) : [];
  if (entries.length === 0 || entries.length > MAX_CONDITIONS) {
    report(
      errorAt(
        at,
        "condition",
        `${shown(input)}; write 1 to ${MAX_CONDITIONS} conditions, as jwt.claim.ref: refs/heads/main`,
      ),
    );
    return [];
  }
  const named = new Set<string>();
  return entries.flatMap(([name, wanted]) => {
    const path = [...at, name];
    const attribute = parseAttribute(name);
    if (!attribute.ok) return refuse(path, "attribute", attribute.error);
    if (named.has(attribute.value.name)) {
      return refuse(
        path,
        "duplicate",
        `${attribute.value.name} has a condition already; write one with a list`,
      );
    }
    named.add(attribute.value.name);
    const test = compileTest(wanted, path, report);
    return test === undefined ? [] : [{ key: name, attribute: attribute.value, test }];
  });

  function refuse(path: Path, rule: "attribute" | "duplicate", message: string): [] {
    report(errorAt(path, rule, message));
    return [];
  }
}

function compileTest(input: unknown, at: Path, report: Report): Test | undefined {
  if (!isJsonObject(input) || Object.hasOwn(input, "glob")) return compileAnyOf(input, at, report);
  const [form, ...others] = Object.keys(input);
  if (form === undefined || others.length > 0) return refuse(`${shown(input)}; ${FORMS}`);
  const inner = input[form];
  const path = [...at, form];
  if (form === "exists") {
    if (typeof inner === "boolean") return { kind: "exists", expected: inner };
    return void report(errorAt(path, "condition", `${shown(inner)}; write true or false`));
  }
  if (form === "not") {
    const anyOf = compileAnyOf(inner, path, report);
    return anyOf && { ...anyOf, kind: "none-of" };
  }
  return refuse(`${form} is no form of condition${didYouMean(form, ["glob", "not", "exists"])}; ${FORMS}`);

  function refuse(message: string): undefined {
    report(errorAt(at, "condition", message));
  }
}

type AnyOf = Extract<Test, { kind: "any-of" }>;

function compileAnyOf(input: unknown, at: Path, report: Report): AnyOf | undefined {
  const isList = Array.isArray(input);
  const items: readonly unknown[] = isList ? input : [input];
  if (items.length === 0 || items.length > MAX_VALUES) {
    report(errorAt(at, "condition", `${shown(input)}; write 1 to ${MAX_VALUES} values`));
    return undefined;
  }
  const literals = new Set<string>();
  const globs: Glob[] = [];
  let good = true;
  items.forEach((item, index) => {
    const path = isList ? [...at, index] : at;
    const value = isJsonObject(item)
      ? compilePattern(item, path, report)
      : compileLiteral(item, path, report);
    if (value === undefined) good = false;
    else if (typeof value !== "string") globs.push(value);
    else if (!literals.has(value)) literals.add(value);
    else {
      report(errorAt(path, "duplicate", `${JSON.stringify(value)} is in the list already; remove it`));
      good = false;
    }
  });
  return good ? { kind: "any-of", literals, globs } : undefined;
}

function compileLiteral(input: unknown, at: Path, report: Report): string | undefined {
  const value = canonicalScalar(input);
  if (value !== undefined && value !== "") return value;
  const message =
    typeof input === "number"
      ? `the number ${input} has no exact form; put it in quotes`
      : value === ""
        ? "the value is empty; write {exists: false} for a claim that is absent, or the value to match"
        : `${shown(input)}; ${FORMS}`;
  report(errorAt(at, "condition", message));
  return undefined;
}

function compilePattern(input: JsonObject, at: Path, report: Report): Glob | undefined {
  const pattern = input["glob"];
  if (Object.keys(input).length !== 1 || typeof pattern !== "string") {
    report(
      errorAt(at, "condition", `${shown(input)}; write {glob: "refs/heads/release/*"} with one pattern`),
    );
    return undefined;
  }
  const glob = compileGlob(pattern);
  if (glob.ok) return glob.value;
  report(errorAt([...at, "glob"], "glob", glob.error));
  return undefined;
}

/** What a test wants, for the maintainer who wrote it: never for a caller. */
export function describeTest(test: Test): string {
  if (test.kind === "exists") return test.expected ? "any value" : "no value";
  const values = [...test.literals, ...test.globs.map((glob) => `glob ${glob.pattern}`)];
  const shown = values.slice(0, 5).join(" or ") + (values.length > 5 ? ` or ${values.length - 5} more` : "");
  return test.kind === "any-of" ? shown : `not ${shown}`;
}
