import { claimAttribute } from "../model/attribute.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { literalsOf } from "../model/condition.ts";
import { GUARDS, type Guard } from "../model/guard.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";

/** A guard that a token trips, and the values of its claim that a policy must name to lift it. */
export interface TrippedGuard {
  readonly guard: Guard;
  readonly toName: readonly string[];
}

/** The guards that this token trips. */
export function trippedGuards(attributes: Attributes): readonly TrippedGuard[] {
  const claim = (name: string): readonly string[] => {
    const value = attributeValue(attributes, claimAttribute(name));
    // No policy can name the empty text, so nothing lifts the guard of a value that can't be compared.
    return value === undefined ? [] : elementsOf(value).map((element) => canonicalScalar(element) ?? "");
  };
  return GUARDS.filter(({ type }) => type === attributes.type)
    .map((guard) => ({ guard, toName: guard.toName(claim) }))
    .filter(({ toName }) => toName.length > 0);
}

/** Whether a policy lifts a guard: it names the guard's claim with exact values, and all that there are to name. */
export function lifts(policy: Policy, { guard, toName }: TrippedGuard): boolean {
  const condition = conditionOn(policy, claimAttribute(guard.claim).name);
  const literals = condition === undefined ? undefined : literalsOf(condition);
  return literals !== undefined && toName.every((value) => literals.has(value));
}
