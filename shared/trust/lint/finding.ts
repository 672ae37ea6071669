import type { Path } from "../../shape.ts";
import type { Condition } from "../model/condition.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { Policy } from "../model/policy.ts";
import type { LINT_RULES, Problem } from "../model/problem.ts";

/** A policy and the issuer whose tokens it judges. */
export interface Subject {
  readonly policy: Policy;
  readonly issuer: AllowedIssuer;
}

/** A lint: what it finds in one policy. */
export type PolicyLint = (subject: Subject) => readonly Problem[];

type LintRule = (typeof LINT_RULES)[number];

export function warning(path: Path, rule: LintRule, message: string): Problem {
  return { path, message, severity: "warning", rule };
}

export function note(path: Path, rule: LintRule, message: string): Problem {
  return { path, message, severity: "note", rule };
}

export function policyPath(policy: Policy, ...rest: Path): Path {
  return ["policies", policy.position, ...rest];
}

/** The path of a condition of `match`. */
export function conditionPath(policy: Policy, condition: Condition): Path {
  return policyPath(policy, "match", condition.key);
}

/** Every condition of a policy, of `match` and of `deny`, and where it is. */
export function allConditions(
  policy: Policy,
): readonly { condition: Condition; path: Path; denies: boolean }[] {
  const match = policy.match.map((condition) => ({
    condition,
    path: conditionPath(policy, condition),
    denies: false,
  }));
  const deny = policy.deny.flatMap((entry, index) =>
    entry.map((condition) => ({
      condition,
      path: policyPath(policy, "deny", index, condition.key),
      denies: true,
    })),
  );
  return [...match, ...deny];
}
