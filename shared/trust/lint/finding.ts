import type { Path } from "../../shape.ts";
import type { Policy } from "../compile/policy.ts";
import type { TrustConfig } from "../compile/trust.ts";
import type { Attribute } from "../model/attribute.ts";
import type { Condition } from "../model/condition.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { type KnownClaim, knownClaim } from "../model/known-claims.ts";
import type { LINT_RULES, Problem } from "../model/problem.ts";

/** One policy in its surroundings, as the lints look at it. */
export interface Subject {
  readonly policy: Policy;
  readonly issuer: AllowedIssuer;
  readonly config: TrustConfig;
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

export function conditionPath(policy: Policy, condition: Condition): Path {
  return policyPath(policy, "match", condition.key);
}

/** The condition of `match` on this attribute. There is one at most. */
export function conditionOn(policy: Policy, name: string): Condition | undefined {
  return policy.match.find(({ attribute }) => attribute.name === name);
}

/** The values and patterns that a condition takes: empty for `not` and `exists`. */
export function wanted({ test }: Condition): { literals: readonly string[]; patterns: readonly string[] } {
  if (test.kind !== "any-of") return { literals: [], patterns: [] };
  return { literals: [...test.literals], patterns: test.globs.map(({ pattern }) => pattern) };
}

/** The top-level claim that an attribute looks at, with what its issuer's type knows of it. */
export function claimOf(
  attribute: Attribute,
  issuer: AllowedIssuer,
): { name: string; nested: boolean; known: KnownClaim | "unknown" | undefined } | undefined {
  if (attribute.kind !== "claim") return undefined;
  const [name, ...rest] = attribute.path;
  return { name, nested: rest.length > 0, known: knownClaim(issuer.type, name) };
}

/** Every condition of a policy, of `match` and of `deny`, and where it stands. */
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

export function policiesOf(config: TrustConfig): readonly Policy[] {
  const all = [...config.policies.values()].flatMap((index) => index.policies);
  return all.sort((left, right) => left.position - right.position);
}
