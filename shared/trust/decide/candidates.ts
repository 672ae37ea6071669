import { type Attributes, attributeValue } from "../model/attributes.ts";
import type { Policy } from "../model/policy.ts";
import type { LiteralIndex, PolicyIndex } from "../model/policy-index.ts";
import { canonicalScalar, elementsOf } from "../model/value.ts";

/** How many policies are judged in full, at most, to find the nearest misses of a refusal. */
const MAX_NEAR_MISSES = 64;
/** How many are looked at, at most, to find those among which a caller may be told of misses. */
const MAX_LOOKED_AT = 1_024;

/** The only policies that can match: those whose rarest exact value the token has, and those without an exact value. */
export function candidates(index: PolicyIndex, attributes: Attributes): Iterable<Policy> {
  const buckets = bucketsOf(index.byRarestLiteral, attributes).map(({ policies }) => policies);
  return buckets.length === 0 ? index.withoutLiteral : new Set([...buckets.flat(), ...index.withoutLiteral]);
}

/**
 * The policies among which near misses are sought: first the few of the token's own tenant, then those that share the
 * rarest values with the token.
 *
 * @param isVisible leaves out policies.
 */
export function nearMissCandidates(
  index: PolicyIndex,
  attributes: Attributes,
  isVisible: (policy: Policy) => boolean,
): readonly Policy[] {
  const found = new Set<Policy>();
  let lookedAt = 0;
  for (const policies of [...nearestFirst(index, attributes), index.withoutLiteral, index.policies]) {
    for (const policy of policies) {
      if (found.size === MAX_NEAR_MISSES || ++lookedAt > MAX_LOOKED_AT) return [...found];
      if (isVisible(policy)) found.add(policy);
    }
  }
  return [...found];
}

function nearestFirst(index: PolicyIndex, attributes: Attributes): readonly (readonly Policy[])[] {
  const rank = ({ attribute, policies: { length } }: Bucket): number =>
    index.tenantAttributes.has(attribute) && length <= MAX_NEAR_MISSES ? 0 : length;
  return bucketsOf(index.byLiteral, attributes)
    .sort((left, right) => rank(left) - rank(right))
    .map(({ policies }) => policies);
}

/** The policies that name one value of an attribute, which the token has. */
interface Bucket {
  readonly attribute: string;
  readonly policies: readonly Policy[];
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
