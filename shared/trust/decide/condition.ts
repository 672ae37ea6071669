import { matchesGlob } from "../../glob.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import type { Condition, Values } from "../model/condition.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";

/**
 * Whether the condition holds. An array passes if any element does; `not` passes if every element is something that can
 * be compared and none of them is what it names.
 */
export function holds({ attribute, matcher }: Condition, attributes: Attributes): boolean {
  const value = attributeValue(attributes, attribute);
  if (matcher.kind === "exists") return (value !== undefined) === matcher.expected;
  if (value === undefined) return false;
  const texts = elementsOf(value).map(canonicalScalar);
  return matcher.kind === "any-of"
    ? texts.some((text) => text !== undefined && isAmong(matcher, text))
    : texts.every((text) => text !== undefined && !isAmong(matcher, text));
}

/** Whether a text is one of the literals or matches one of the patterns. */
export function isAmong({ literals, globs }: Values, text: string): boolean {
  return literals.has(text) || globs.some((glob) => matchesGlob(glob, text));
}
