import { isAmong } from "../decide/condition.ts";
import type { ApplicationRule } from "../model/application.ts";
import type { Condition, Matcher, Values } from "../model/condition.ts";
import type { SvidAttribute } from "../model/svid-attribute.ts";
import { type ApplicationLint, rulePath } from "./application-subject.ts";
import { warning } from "./finding.ts";

/** Rules that never decide, because an earlier rule matches whatever they match. */
export const shadowedRules: ApplicationLint = (application) =>
  application.rules.flatMap((rule, index, rules) => {
    const earlier = rules.slice(0, index).findIndex((other) => covers(other, rule));
    if (earlier === -1) return [];
    const message = `rule ${earlier + 1} matches whatever this rule matches, and comes first; put this rule before it, or remove this rule`;
    return [warning([...rulePath(application, index), "match"], "shadowed-rule", message)];
  });

function covers(earlier: ApplicationRule, later: ApplicationRule): boolean {
  return earlier.match.every((condition) => follows(condition, later.match));
}

/** Whether a condition holds wherever all the others do, as far as their values show. */
function follows(
  { attribute, matcher }: Condition<SvidAttribute>,
  others: readonly Condition<SvidAttribute>[],
): boolean {
  if (attribute.kind === "svid-id" && matcher.kind === "exists") return matcher.expected;
  const other = others.find((one) => one.attribute.name === attribute.name);
  return other !== undefined && implies(other.matcher, matcher);
}

function implies(narrow: Matcher, wide: Matcher): boolean {
  if (wide.kind === "exists") return isThere(narrow) === wide.expected;
  if (narrow.kind === "exists" || narrow.kind !== wide.kind) return false;
  return wide.kind === "any-of" ? isWithin(narrow, wide) : isWithin(wide, narrow);
}

function isThere(matcher: Matcher): boolean {
  return matcher.kind !== "exists" || matcher.expected;
}

function isWithin(few: Values, many: Values): boolean {
  const patterns = new Set(many.globs.map(({ pattern }) => pattern));
  return (
    [...few.literals].every((literal) => isAmong(many, literal)) &&
    few.globs.every(({ pattern }) => patterns.has(pattern))
  );
}
