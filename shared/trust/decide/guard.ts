import { claimAttribute } from "../model/attribute.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { type Condition, literalsOf } from "../model/condition.ts";
import { GUARDS, type Guard } from "../model/guard.ts";
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

/** Whether these conditions name the guard's claim with exact values, and the token has one of them. */
export function lifts(conditions: readonly Condition[], guard: Guard, attributes: Attributes): boolean {
  const { name } = claimAttribute(guard.claim);
  return conditions.some((condition) => {
    const literals = condition.attribute.name === name ? literalsOf(condition) : undefined;
    if (literals === undefined || !holds(condition, attributes)) return false;
    return guard.value === undefined || literals.has(guard.value);
  });
}
