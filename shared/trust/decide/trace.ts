import type { Check } from "../../denial.ts";
import type { Attributes } from "../model/attributes.ts";
import type { Condition } from "../model/condition.ts";
import type { Policy } from "../model/policy.ts";
import { displayedValue } from "./check.ts";
import { hits, holds } from "./condition.ts";

/** One condition as it met a token. */
export interface ConditionTrace {
  readonly condition: Condition;
  /** The token's value as its owner may see it, or null. */
  readonly value: string | null;
  /** Of `match`: the condition holds. Of `deny`: it hits. */
  readonly pass: boolean;
}

/** One policy as it met a token: every condition, whether or not an earlier one failed. */
export interface PolicyTrace {
  readonly policy: Policy;
  readonly match: readonly ConditionTrace[];
  /** Per entry of `deny`: it hits where all of its conditions pass. */
  readonly deny: readonly { readonly hit: boolean; readonly conditions: readonly ConditionTrace[] }[];
}

/** Whether a policy matches; stops at the first condition that does not hold. */
export function matches(policy: Policy, attributes: Attributes): boolean {
  const isDenied = policy.deny.some((entry) => entry.every((condition) => hits(condition, attributes)));
  return !isDenied && policy.match.every((condition) => holds(condition, attributes));
}

export function tracePolicy(policy: Policy, attributes: Attributes): PolicyTrace {
  const traceOf = (condition: Condition, judge: typeof holds): ConditionTrace => ({
    condition,
    value: displayedValue(condition.attribute, attributes),
    pass: judge(condition, attributes),
  });
  const match = policy.match.map((condition) => traceOf(condition, holds));
  const deny = policy.deny.map((entry) => {
    const conditions = entry.map((condition) => traceOf(condition, hits));
    return { conditions, hit: conditions.every(({ pass }) => pass) };
  });
  return { policy, match, deny };
}

/** How far a policy is from matching: its failed conditions, and its entries of `deny` that hit. */
export function distance(trace: PolicyTrace): number {
  return trace.match.filter(({ pass }) => !pass).length + trace.deny.filter(({ hit }) => hit).length;
}

/** What the caller is told: its own values with pass or fail, never what the policy expects. */
export function checksOf({ policy, match, deny }: PolicyTrace): readonly Check[] {
  const hits = deny.filter(({ hit }) => hit).flatMap(({ conditions }) => conditions);
  return [
    ...match.map((trace) => checkOf(policy, trace, trace.pass)),
    ...hits.map((trace) => checkOf(policy, trace, false)),
  ];
}

function checkOf(policy: Policy, { condition, value }: ConditionTrace, pass: boolean): Check {
  return { policy: policy.name, attribute: condition.attribute.name, value, pass };
}
