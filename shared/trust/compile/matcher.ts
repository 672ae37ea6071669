import type { Glob } from "../../glob.ts";
import { isJsonObject, type JsonObject } from "../../json.ts";
import { didYouMean } from "../../nearest-word.ts";
import type { Path } from "../../shape.ts";
import { shown } from "../../shown.ts";
import type { AnyOf, Matcher } from "../model/condition.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { canonicalScalar } from "../model/value.ts";
import type { ValueParsers } from "./parsers.ts";

/** The most values of one list. */
const MAX_VALUES = 1_000;

const FORMS = "write a value, a list of values, {glob: …}, {not: …} or {exists: true}";

/** Compiles what a condition asks of its attribute. @returns `undefined` where anything in it was reported. */
export function compileMatcher(
  input: unknown,
  parsers: ValueParsers,
  at: Path,
  report: Report,
): Matcher | undefined {
  if (!isJsonObject(input) || Object.hasOwn(input, "glob")) return compileAnyOf(input, parsers, at, report);
  const [form, ...others] = Object.keys(input);
  if (form === undefined || others.length > 0) return refuse(`${shown(input)}; ${FORMS}`);
  const inner = input[form];
  const path = [...at, form];
  if (form === "exists") {
    if (typeof inner === "boolean") return { kind: "exists", expected: inner };
    return void report(errorAt(path, "condition", `${shown(inner)}; write true or false`));
  }
  if (form === "not") {
    const anyOf = compileAnyOf(inner, parsers, path, report);
    return anyOf && { ...anyOf, kind: "none-of" };
  }
  const hint = didYouMean(form, ["glob", "not", "exists"]) || `; ${FORMS}`;
  return refuse(`${form} is not a form of condition${hint}`);

  function refuse(message: string): undefined {
    report(errorAt(at, "condition", message));
  }
}

function compileAnyOf(input: unknown, parsers: ValueParsers, at: Path, report: Report): AnyOf | undefined {
  if (typeof input === "string" && input !== "") return parsers.literal(input);
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
      ? compilePattern(item, parsers, path, report)
      : compileLiteral(item, path, report);
    if (value === undefined) good = false;
    else if (typeof value !== "string") globs.push(value);
    else if (!literals.has(value)) literals.add(value);
    else {
      report(
        errorAt(path, "duplicate", `${JSON.stringify(value)} is already in the list; remove this entry`),
      );
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
      ? `the number ${input} is not an integer below 2^53; put it in quotes`
      : value === ""
        ? "the value is empty; write the value to match, or {exists: false} for a claim that must be missing"
        : `${shown(input)}; ${FORMS}`;
  report(errorAt(at, "condition", message));
  return undefined;
}

function compilePattern(
  input: JsonObject,
  parsers: ValueParsers,
  at: Path,
  report: Report,
): Glob | undefined {
  const pattern = input["glob"];
  if (Object.keys(input).length !== 1 || typeof pattern !== "string") {
    report(
      errorAt(
        at,
        "condition",
        `${shown(input)}; write a value, or {glob: "refs/heads/release/*"} with one pattern`,
      ),
    );
    return undefined;
  }
  const glob = parsers.glob(pattern);
  if (glob.ok) return glob.value;
  report(errorAt([...at, "glob"], "glob", glob.error));
  return undefined;
}
