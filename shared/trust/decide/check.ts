import type { Check } from "../../denial.ts";
import type { JsonValue } from "../../json.ts";
import type { Attribute } from "../model/attribute.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { canonicalScalar } from "../model/value.ts";

/** Keeps an answer small whatever the token holds; longer than any ref or path that people write. */
const MAX_DISPLAYED = 256;

/** A check that failed, with the caller's own value. */
export function failedCheck(policy: string, attribute: Attribute, attributes: Attributes): Check {
  return { policy, attribute: attribute.name, value: displayedValue(attribute, attributes), pass: false };
}

/** The value of an attribute as its owner is shown it; null where there is none. */
export function displayedValue(attribute: Attribute, attributes: Attributes): string | null {
  return displayed(attributeValue(attributes, attribute));
}

/** A value as its owner is shown it: scalars canonical, the rest as JSON, all of it short; null where there is none. */
export function displayed(value: JsonValue | undefined): string | null {
  if (value === undefined) return null;
  const whole = canonicalScalar(value) ?? JSON.stringify(value);
  return whole.length > MAX_DISPLAYED ? `${whole.slice(0, MAX_DISPLAYED)}…` : whole;
}
