import { matchesGlob } from "../../glob.ts";
import type { JsonValue } from "../../json.ts";
import { type Attributes, attributeValue, statedValue } from "../model/attributes.ts";
import type { Condition, Matcher, Values } from "../model/condition.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";

/** Whether the condition holds for a job's token. */
export function holds({ attribute, matcher }: Condition, attributes: Attributes): boolean {
  return fits(matcher, attributeValue(attributes, attribute));
}

/**
 * Whether a value is what the matcher asks for. An array is if any element is; `not` is met if every element is something
 * that can be compared and none of them is what it names.
 */
export function fits(matcher: Matcher, value: JsonValue | undefined): boolean {
  if (matcher.kind === "exists") return (value !== undefined) === matcher.expected;
  if (value === undefined) return false;
  const texts = elementsOf(value).map(canonicalScalar);
  return matcher.kind === "any-of"
    ? texts.some((text) => text !== undefined && isAmong(matcher, text))
    : texts.every((text) => text !== undefined && !isAmong(matcher, text));
}

/**
 * Whether a condition of `deny` hits. In doubt it does: `not` hits where the token says nothing of the attribute, and
 * what can't be compared hits whatever the condition names.
 */
export function hits({ attribute, matcher }: Condition, attributes: Attributes): boolean {
  const value = statedValue(attributes, attribute);
  if (matcher.kind === "exists") return (value !== undefined && value !== null) === matcher.expected;
  if (value === undefined) return matcher.kind === "none-of";
  const texts = elementsOf(value).map(canonicalScalar);
  const isNamed = (text: string | undefined) => text !== undefined && isAmong(matcher, text);
  return texts.includes(undefined) || texts.some(isNamed) === (matcher.kind === "any-of");
}

/** Whether a text is one of the literals or matches one of the patterns. */
export function isAmong({ literals, globs }: Values, text: string): boolean {
  return literals.has(text) || globs.some((glob) => matchesGlob(glob, text));
}
