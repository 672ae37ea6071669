import { type Attributes, attributeValue } from "../model/attributes.ts";
import type { Policy } from "../model/policy.ts";
import type { LiteralIndex, PolicyIndex } from "../model/policy-index.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";

/** How many policies are judged in full, at most, to find the nearest misses of a refusal. */
const MAX_NEAR_MISSES = 64;

/** The only policies that can match: those whose rarest exact value the token has, and those without an exact value. */
export function candidates(index: PolicyIndex, attributes: Attributes): Iterable<Policy> {
  const buckets = bucketsOf(index.byRarestLiteral, attributes);
  return buckets.length === 0 ? index.withoutLiteral : new Set([...buckets.flat(), ...index.withoutLiteral]);
}

/** The policies among which near misses are sought: first those that share the rarest values with the token. */
export function nearMissCandidates(index: PolicyIndex, attributes: Attributes): readonly Policy[] {
  const found = new Set<Policy>();
  const rarestFirst = bucketsOf(index.byLiteral, attributes).sort(
    (left, right) => left.length - right.length,
  );
  for (const bucket of [...rarestFirst, index.withoutLiteral, index.policies]) {
    for (const policy of bucket) {
      if (found.size === MAX_NEAR_MISSES) return [...found];
      found.add(policy);
    }
  }
  return [...found];
}

function bucketsOf(index: LiteralIndex, attributes: Attributes): (readonly Policy[])[] {
  const found: (readonly Policy[])[] = [];
  for (const { attribute, buckets } of index.values()) {
    const value = attributeValue(attributes, attribute);
    if (value === undefined) continue;
    for (const element of elementsOf(value)) {
      const bucket = buckets.get(canonicalScalar(element) ?? "");
      if (bucket !== undefined) found.push(bucket);
    }
  }
  return found;
}
