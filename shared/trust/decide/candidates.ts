import { type Attributes, attributeValue } from "../model/attributes.ts";
import type { Policy } from "../model/policy.ts";
import type { LiteralIndex, PolicyIndex } from "../model/policy-index.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";

/** The only policies that can match: those whose rarest exact value the token has, and those without an exact value. */
export function candidates(index: PolicyIndex, attributes: Attributes): Iterable<Policy> {
  const buckets = bucketsOf(index.byRarestLiteral, attributes).map(({ policies }) => policies);
  return buckets.length === 0 ? index.withoutLiteral : new Set([...buckets.flat(), ...index.withoutLiteral]);
}

/** The policies that name one value of an attribute, which the token has. */
export interface Bucket {
  readonly attribute: string;
  readonly policies: readonly Policy[];
}

/** Policies by the values that they share with the token, the rarest value first. */
export function rarestFirst(index: PolicyIndex, attributes: Attributes): readonly Bucket[] {
  return bucketsOf(index.byLiteral, attributes).sort(
    (left, right) => left.policies.length - right.policies.length,
  );
}

function bucketsOf(index: LiteralIndex, attributes: Attributes): Bucket[] {
  const found: Bucket[] = [];
  for (const [name, { attribute, buckets }] of index) {
    const value = attributeValue(attributes, attribute);
    if (value === undefined) continue;
    for (const element of elementsOf(value)) {
      const policies = buckets.get(canonicalScalar(element) ?? "");
      if (policies !== undefined) found.push({ attribute: name, policies });
    }
  }
  return found;
}
