import { type Denial, deny } from "../../denial.ts";
import { err, ok, type Result } from "../../result.ts";
import { claimAttribute } from "../model/attribute.ts";
import type { Attributes } from "../model/attributes.ts";
import type { Guard } from "../model/guard.ts";
import type { Policy } from "../model/policy.ts";
import type { PolicyIndex } from "../model/policy-index.ts";
import { candidates, nearMissCandidates } from "./candidates.ts";
import { failedCheck } from "./check.ts";
import { lifts, trippedGuards } from "./guard.ts";
import { checksOf, distance, matches, type PolicyTrace, tracePolicy } from "./trace.ts";

/** How many nearest misses a refusal shows. */
const MAX_MISSES = 3;

/** The named policy if it matches, or the only one that does; guards are part of matching. */
export function choosePolicy(
  index: PolicyIndex | undefined,
  attributes: Attributes,
  name: string | undefined,
): Result<Policy, Denial> {
  if (index === undefined)
    return err(deny("policy_denied", "The trust document has no policy for this issuer."));
  const named = name === undefined ? undefined : index.byName.get(name);
  if (name !== undefined && named === undefined) {
    return err(deny("policy_unknown", "The issuer of the token has no policy of this name."));
  }
  const considered = named === undefined ? [...candidates(index, attributes)] : [named];
  const matching = considered.filter((policy) => matches(policy, attributes));
  const guards = trippedGuards(attributes);
  const standing = (policy: Policy) => guards.find((guard) => !lifts(policy.match, guard, attributes));
  const open = matching.filter((policy) => standing(policy) === undefined);
  const [only, ...others] = open;
  if (only !== undefined && others.length === 0) return ok(only);
  if (only !== undefined) return err(ambiguous(open));

  // A guard is why, where none of the policies that are left lifts it.
  const [first, ...rest] = matching.length > 0 ? matching : considered;
  const guard = first === undefined ? guards[0] : standing(first);
  if (guard !== undefined && rest.every((policy) => standing(policy) !== undefined)) {
    return err(guarded(guard, attributes));
  }
  return err(
    denied(named === undefined ? nearestMisses(index, attributes) : [tracePolicy(named, attributes)]),
  );
}

/** The nearest misses: the policies with the fewest failed conditions, in the order of the document where equal. */
export function nearestMisses(index: PolicyIndex, attributes: Attributes): readonly PolicyTrace[] {
  return nearMissCandidates(index, attributes)
    .map((policy) => tracePolicy(policy, attributes))
    .sort((left, right) => distance(left) - distance(right) || left.policy.position - right.policy.position)
    .slice(0, MAX_MISSES);
}

function ambiguous(policies: readonly Policy[]): Denial {
  const names = policies.map(({ name }) => name);
  const shown = names.slice(0, 10).join(", ") + (names.length > 10 ? " and more" : "");
  return deny("ambiguous_policy", `${names.length} policies match: ${shown}.`);
}

function guarded(guard: Guard, attributes: Attributes): Denial {
  const attribute = claimAttribute(guard.claim);
  return deny(
    "guard_refused",
    `${guard.reason}; a policy lifts this by naming ${attribute.name} in its match.`,
    { checks: [failedCheck(`guard:${guard.name}`, attribute, attributes)] },
  );
}

function denied(misses: readonly PolicyTrace[]): Denial {
  const [only, ...others] = misses;
  const detail =
    only !== undefined && others.length === 0
      ? `The token does not meet the policy ${only.policy.name}.`
      : "The token meets no policy of its issuer; the nearest misses are listed.";
  return deny("policy_denied", detail, { checks: misses.flatMap(checksOf) });
}
