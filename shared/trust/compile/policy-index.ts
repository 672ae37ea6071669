import { addToGroup } from "../../group-by.ts";
import type { Attribute } from "../model/attribute.ts";
import { type Condition, literalsOf } from "../model/condition.ts";
import type { Policy } from "../model/policy.ts";
import type { PolicyIndex } from "../model/policy-index.ts";

/** Indexes the policies of one issuer, so that a decision looks at those alone that can match. */
export function indexPolicies(policies: readonly Policy[]): PolicyIndex {
  const byLiteral = new IndexBuilder();
  for (const policy of policies) {
    for (const condition of policy.match) byLiteral.add(condition.attribute, literalsOf(condition), policy);
  }
  const byRarestLiteral = new IndexBuilder();
  const withoutLiteral: Policy[] = [];
  for (const policy of policies) {
    const rarest = rarestCondition(policy, byLiteral);
    if (rarest === undefined) withoutLiteral.push(policy);
    else byRarestLiteral.add(rarest.attribute, literalsOf(rarest), policy);
  }
  return {
    policies,
    byName: new Map(policies.map((policy) => [policy.name, policy])),
    byRarestLiteral: byRarestLiteral.index,
    withoutLiteral,
    tenantAttributes: new Set(
      policies.flatMap(({ tenant }) => tenant.map(({ attribute }) => attribute.name)),
    ),
    hasTenantPattern: policies.some(
      ({ tenant }) => tenant.length > 0 && tenant.every((condition) => literalsOf(condition) === undefined),
    ),
    byLiteral: byLiteral.index,
  };
}

/** The exact condition whose values the fewest policies name. */
function rarestCondition(policy: Policy, byLiteral: IndexBuilder): Condition | undefined {
  let rarest: Condition | undefined;
  let fewest = Number.POSITIVE_INFINITY;
  for (const condition of policy.match) {
    const values = literalsOf(condition);
    if (values === undefined) continue;
    const sharing = byLiteral.countSharing(condition.attribute, values);
    if (sharing < fewest) [rarest, fewest] = [condition, sharing];
  }
  return rarest;
}

class IndexBuilder {
  readonly index = new Map<string, { attribute: Attribute; buckets: Map<string, Policy[]> }>();

  add(attribute: Attribute, values: ReadonlySet<string> | undefined, policy: Policy): void {
    for (const value of values ?? []) {
      const row = this.index.get(attribute.name) ?? { attribute, buckets: new Map<string, Policy[]>() };
      this.index.set(attribute.name, row);
      addToGroup(row.buckets, value, policy);
    }
  }

  /** How often policies name these values. */
  countSharing(attribute: Attribute, values: ReadonlySet<string>): number {
    const buckets = this.index.get(attribute.name)?.buckets;
    let count = 0;
    for (const value of values) count += buckets?.get(value)?.length ?? 0;
    return count;
  }
}
