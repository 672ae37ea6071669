import { isJsonObject } from "../../json.ts";
import type { Path } from "../../shape.ts";
import { shown } from "../../shown.ts";
import type { Condition } from "../model/condition.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { compileMatcher } from "./matcher.ts";
import type { Parsers } from "./parsers.ts";

/** The most conditions that `match`, or one entry of `deny`, may have. */
const MAX_CONDITIONS = 32;

/** Compiles `match` or one entry of `deny`: AND over its entries. */
export function compileConditions<A extends { readonly name: string }>(
  input: unknown,
  parsers: Parsers<A>,
  at: Path,
  report: Report,
): readonly Condition<A>[] {
  const entries = isJsonObject(input) ? Object.entries(input) : [];
  if (entries.length === 0 || entries.length > MAX_CONDITIONS) {
    report(
      errorAt(
        at,
        "condition",
        `${shown(input)}; write 1 to ${MAX_CONDITIONS} conditions, such as ${parsers.example}`,
      ),
    );
    return [];
  }
  const named = new Set<string>();
  return entries.flatMap(([name, wanted]) => {
    const path = [...at, name];
    const attribute = parsers.attribute(name);
    if (!attribute.ok) return refuse(path, "attribute", attribute.error);
    if (named.has(attribute.value.name)) {
      return refuse(
        path,
        "duplicate",
        `${attribute.value.name} already has a condition; write one condition with a list of values`,
      );
    }
    named.add(attribute.value.name);
    const matcher = compileMatcher(wanted, parsers, path, report);
    return matcher === undefined ? [] : [{ key: name, attribute: attribute.value, matcher }];
  });

  function refuse(path: Path, rule: "attribute" | "duplicate", message: string): [] {
    report(errorAt(path, rule, message));
    return [];
  }
}
