import type { Attributes } from "../model/attributes.ts";
import type { Policy } from "../model/policy.ts";
import type { PolicyIndex } from "../model/policy-index.ts";
import { rarestFirst } from "./candidates.ts";
import { holds } from "./condition.ts";

/** The policies of an issuer that somebody may know of. */
export interface View {
  readonly has: (policy: Policy) => boolean;
  /** Those among which the nearest misses of a refusal are sought. */
  readonly nearby: () => readonly Policy[];
}

/** How many policies are judged in full, at most, to find the nearest misses of a refusal. */
const MAX_NEARBY = 64;
/** How many are looked at, at most, to find those of one tenant. */
const MAX_LOOKED_AT = 1_024;

/** What the operator sees: every policy, and nearby those that share the rarest values with the token. */
export function wholeView(index: PolicyIndex, attributes: Attributes): View {
  return { has: () => true, nearby: () => nearby(index, attributes, () => true) };
}

/**
 * What the token's tenant sees: its own policies, which are those whose tenant the token is of.
 *
 * @returns `undefined` where there are none. Most refused tokens are of no tenant, and a few look-ups tell.
 */
export function tenantView(index: PolicyIndex, attributes: Attributes): View | undefined {
  const has = ({ tenant }: Policy) => tenant.every((condition) => holds(condition, attributes));
  const named = rarestFirst(index, attributes).filter(({ attribute }) =>
    index.tenantAttributes.has(attribute),
  );
  const others = index.hasTenantPattern ? [index.withoutLiteral, index.policies] : [];
  const own = take([...named.map(({ policies }) => policies), ...others], has);
  if (own.length === 0) return undefined;
  return { has, nearby: () => (own.length < MAX_NEARBY ? own : nearby(index, attributes, has)) };
}

function nearby(index: PolicyIndex, attributes: Attributes, has: View["has"]): readonly Policy[] {
  const sharing = rarestFirst(index, attributes).map(({ policies }) => policies);
  return take([...sharing, index.withoutLiteral, index.policies], has);
}

function take(groups: readonly (readonly Policy[])[], has: View["has"]): readonly Policy[] {
  const found = new Set<Policy>();
  let lookedAt = 0;
  for (const group of groups) {
    for (const policy of group) {
      if (found.size === MAX_NEARBY || ++lookedAt > MAX_LOOKED_AT) return [...found];
      if (has(policy)) found.add(policy);
    }
  }
  return [...found];
}
