import { literalPrefix } from "../../glob.ts";
import { isAmong } from "../decide/condition.ts";
import { type Condition, literalsOf, type Matcher, type Values } from "../model/condition.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import type { PolicyIndex } from "../model/policy-index.ts";
import type { Problem } from "../model/problem.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { policyPath, warning } from "./finding.ts";

/** Pairs that are compared at most: a bound on the time for documents whose policies all look alike. */
const MAX_PAIRS = 200_000;

/** Policies that one job may match together with a policy before them, as far as their conditions show. */
export function overlaps(config: TrustConfig): readonly Problem[] {
  const found: Problem[] = [];
  let pairs = 0;
  for (const index of config.policies.values()) {
    const without = withoutLiterals(index);
    for (const policy of index.policies) {
      for (const other of rivals(policy, index, without)) {
        if (other.position >= policy.position) continue;
        if (++pairs > MAX_PAIRS) return [...found, cutShort(policy)];
        if (!canBothMatch(policy, other)) continue;
        found.push(overlap(other, policy));
        break;
      }
    }
  }
  return found;
}

function overlap(policy: Policy, other: Policy): Problem {
  return warning(
    policyPath(other, "match"),
    "overlap",
    `one job can match both ${policy.name} and ${other.name}, and its request must then name one; narrow one of the two`,
  );
}

function cutShort(policy: Policy): Problem {
  return warning(
    policyPath(policy, "match"),
    "overlap",
    "the search for policies that overlap ended here, because too many have no exact value of their own; add an id with an exact value to each, and check again",
  );
}

/**
 * The policies that may overlap with this one: those that share a value of its rarest exact condition, and those without
 * an exact condition on the same attribute.
 */
function rivals(policy: Policy, index: PolicyIndex, without: Without): Iterable<Policy> {
  const groups = policy.match.flatMap((condition) => {
    const values = literalsOf(condition);
    const row = index.byLiteral.get(condition.attribute.name);
    if (values === undefined || row === undefined) return [];
    const sharing = Array.from(values, (value) => row.buckets.get(value) ?? []);
    return [[...sharing, without(condition.attribute.name)]];
  });
  const size = (group: readonly (readonly Policy[])[]) => group.reduce((sum, { length }) => sum + length, 0);
  const [smallest = [index.policies]] = groups.sort((left, right) => size(left) - size(right));
  return new Set(smallest.flat());
}

type Without = (attribute: string) => readonly Policy[];

/** The policies of an issuer that have no exact condition on an attribute, found once per attribute. */
function withoutLiterals(index: PolicyIndex): Without {
  const found = new Map<string, readonly Policy[]>();
  const hasLiterals = (policy: Policy, attribute: string) => {
    const condition = conditionOn(policy, attribute);
    return condition !== undefined && literalsOf(condition) !== undefined;
  };
  return (attribute) => {
    const policies =
      found.get(attribute) ?? index.policies.filter((policy) => !hasLiterals(policy, attribute));
    found.set(attribute, policies);
    return policies;
  };
}

function canBothMatch(left: Policy, right: Policy): boolean {
  return left.match.every((condition) => {
    const other = conditionOn(right, condition.attribute.name);
    return other === undefined || !excludes(condition, other);
  });
}

/** Whether no single value passes both matchers. Array claims, whose elements may pass one each, are taken for single values. */
function excludes({ matcher: left }: Condition, { matcher: right }: Condition): boolean {
  if (left.kind === "exists" || right.kind === "exists") {
    return isAbsent(left) !== isAbsent(right);
  }
  if (left.kind === "any-of" && right.kind === "any-of") return !anyCommon(left, right);
  if (left.kind === "none-of" && right.kind === "none-of") return false;
  const [anyOf, noneOf] = left.kind === "any-of" ? [left, right] : [right, left];
  return anyOf.globs.length === 0 && [...anyOf.literals].every((value) => isAmong(noneOf, value));
}

function isAbsent(matcher: Matcher): boolean {
  return matcher.kind === "exists" && !matcher.expected;
}

function anyCommon(left: Values, right: Values): boolean {
  if ([...left.literals].some((value) => isAmong(right, value))) return true;
  if ([...right.literals].some((value) => isAmong(left, value))) return true;
  return left.globs.some((one) => right.globs.some((other) => mayShare(one.pattern, other.pattern)));
}

/** Two patterns share no text if their fixed beginnings or their fixed ends differ. */
function mayShare(left: string, right: string): boolean {
  const ends = (pattern: string) => pattern.slice(pattern.lastIndexOf("*") + 1);
  const agree = (a: string, b: string, at: "startsWith" | "endsWith") => a[at](b) || b[at](a);
  return (
    agree(literalPrefix(left), literalPrefix(right), "startsWith") &&
    agree(ends(left), ends(right), "endsWith")
  );
}
