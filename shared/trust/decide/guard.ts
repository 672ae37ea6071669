import { claimAttribute } from "../model/attribute.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { literalsOf } from "../model/condition.ts";
import { GUARDS, type Guard } from "../model/guard.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";
import { holds } from "./condition.ts";

/** The guards that this token trips. */
export function trippedGuards(attributes: Attributes): readonly Guard[] {
  const claim = (name: string): readonly string[] => {
    const value = attributeValue(attributes, claimAttribute(name));
    return value === undefined ? [] : elementsOf(value).flatMap((element) => canonicalScalar(element) ?? []);
  };
  return GUARDS.filter((guard) => guard.type === attributes.type && guard.trips(claim));
}

/**
 * Whether a policy lifts a guard: it names the guard's claim with exact values, the guard's own value among them where
 * it has one, and the token has one of them.
 */
export function lifts(policy: Policy, guard: Guard, attributes: Attributes): boolean {
  const condition = conditionOn(policy, claimAttribute(guard.claim).name);
  const literals = condition === undefined ? undefined : literalsOf(condition);
  if (condition === undefined || literals === undefined || !holds(condition, attributes)) return false;
  return guard.value === undefined || literals.has(guard.value);
}
