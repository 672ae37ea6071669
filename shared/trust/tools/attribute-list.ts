import { displayedValue } from "../decide/check.ts";
import { type Attribute, claimAttribute } from "../model/attribute.ts";
import type { Attributes } from "../model/attributes.ts";
import { DERIVED, isDerivedName } from "../model/derived.ts";

/** Every attribute that a token has, with its value as its owner is shown it: the top-level claims, then the derived ones. */
export function listAttributes(attributes: Attributes): readonly { name: string; value: string }[] {
  const claims = Object.keys(attributes.claims).map(claimAttribute);
  const derived = Object.keys(DERIVED)
    .filter(isDerivedName)
    .map((name): Attribute => ({ kind: "derived", name }));
  return [...claims, ...derived].flatMap((attribute) => {
    const value = displayedValue(attribute, attributes);
    return value === null ? [] : [{ name: attribute.name, value }];
  });
}
