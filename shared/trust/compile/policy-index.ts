import type { Attribute } from "../model/attribute.ts";
import { type Attributes, attributeValue, canonicalScalar, elementsOf } from "../model/attributes.ts";
import { literalsOf } from "../model/condition.ts";
import type { Policy } from "./policy.ts";

/** The policies of one issuer, found by the values that they name. */
export interface PolicyIndex {
  /** In the order of the document. */
  readonly policies: readonly Policy[];
  readonly byName: ReadonlyMap<string, Policy>;
  /** Each policy under the one of its exact conditions that the fewest others share. */
  readonly keyed: LiteralIndex;
  /** Policies without an exact condition: each of them is looked at every time. */
  readonly unkeyed: readonly Policy[];
  /** Each policy under all of its exact conditions. */
  readonly literals: LiteralIndex;
}

type Bucket = readonly Policy[];
type LiteralIndex = ReadonlyMap<
  string,
  { readonly attribute: Attribute; readonly buckets: ReadonlyMap<string, Bucket> }
>;

/** How many policies are looked at in full to find the nearest misses of a refusal. */
const MAX_LOOKED_AT = 64;

export function indexPolicies(policies: readonly Policy[]): PolicyIndex {
  const literals = new IndexBuilder();
  for (const policy of policies) {
    for (const condition of policy.match) literals.add(condition.attribute, literalsOf(condition), policy);
  }
  const keyed = new IndexBuilder();
  const unkeyed: Policy[] = [];
  for (const policy of policies) {
    const key = mostSelective(policy, literals);
    if (key === undefined) unkeyed.push(policy);
    else keyed.add(key.attribute, literalsOf(key), policy);
  }
  const byName = new Map(policies.map((policy) => [policy.name, policy]));
  return { policies, byName, keyed: keyed.index, unkeyed, literals: literals.index };
}

/** The only policies that can match: those keyed under a value that the token has, and those without a key. */
export function candidates(index: PolicyIndex, attributes: Attributes): Iterable<Policy> {
  const buckets = bucketsOf(index.keyed, attributes);
  return buckets.length === 0 ? index.unkeyed : new Set([...buckets.flat(), ...index.unkeyed]);
}

/** Policies that share the rarest values with the token, then the first of the document: where near misses are sought. */
export function neighbours(index: PolicyIndex, attributes: Attributes): readonly Policy[] {
  const found = new Set<Policy>();
  const rarestFirst = bucketsOf(index.literals, attributes).sort((left, right) => left.length - right.length);
  for (const bucket of [...rarestFirst, index.unkeyed, index.policies]) {
    for (const policy of bucket) {
      if (found.size === MAX_LOOKED_AT) return [...found];
      found.add(policy);
    }
  }
  return [...found];
}

function bucketsOf(index: LiteralIndex, attributes: Attributes): Bucket[] {
  const found: Bucket[] = [];
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

function mostSelective(policy: Policy, literals: IndexBuilder) {
  let best: Policy["match"][number] | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const condition of policy.match) {
    const values = literalsOf(condition);
    if (values === undefined) continue;
    const cost = literals.cost(condition.attribute, values);
    if (cost < fewest) [best, fewest] = [condition, cost];
  }
  return best;
}

class IndexBuilder {
  readonly index = new Map<string, { attribute: Attribute; buckets: Map<string, Policy[]> }>();

  add(attribute: Attribute, values: ReadonlySet<string> | undefined, policy: Policy): void {
    for (const value of values ?? []) {
      const row = this.index.get(attribute.name) ?? { attribute, buckets: new Map<string, Policy[]>() };
      this.index.set(attribute.name, row);
      const bucket = row.buckets.get(value);
      if (bucket === undefined) row.buckets.set(value, [policy]);
      else bucket.push(policy);
    }
  }

  /** How many policies share these values: the fewer, the better the key. */
  cost(attribute: Attribute, values: ReadonlySet<string>): number {
    const buckets = this.index.get(attribute.name)?.buckets;
    let cost = 0;
    for (const value of values) cost += buckets?.get(value)?.length ?? 0;
    return cost;
  }
}
