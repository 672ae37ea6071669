import type { Check } from "../../denial.ts";
import type { Attributes } from "../model/attributes.ts";
import type { Condition } from "../model/condition.ts";
import type { Policy } from "../model/policy.ts";
import { displayedValue } from "./check.ts";
import { holds } from "./condition.ts";

/** One condition as it met a token. */
export interface ConditionTrace {
  readonly condition: Condition;
  /** The token's value as its owner may see it, or null. */
  readonly value: string | null;
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
  const allHold = (conditions: readonly Condition[]) =>
    conditions.every((condition) => holds(condition, attributes));
  return !policy.deny.some(allHold) && allHold(policy.match);
}

export function tracePolicy(policy: Policy, attributes: Attributes): PolicyTrace {
  const traceOf = (conditions: readonly Condition[]) =>
    conditions.map((condition) => ({
      condition,
      value: displayedValue(condition.attribute, attributes),
      pass: holds(condition, attributes),
    }));
  const match = traceOf(policy.match);
  const deny = policy.deny.map((entry) => {
    const conditions = traceOf(entry);
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
