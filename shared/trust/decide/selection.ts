import { type Denial, deny } from "../../denial.ts";
import { err, ok, type Result } from "../../result.ts";
import { claimAttribute } from "../model/attribute.ts";
import type { Attributes } from "../model/attributes.ts";
import type { Policy } from "../model/policy.ts";
import type { PolicyIndex } from "../model/policy-index.ts";
import { candidates } from "./candidates.ts";
import { failedCheck } from "./check.ts";
import { lifts, type TrippedGuard, trippedGuards } from "./guard.ts";
import { checksOf, distance, matches, type PolicyTrace, tracePolicy } from "./trace.ts";
import { type View, wholeView } from "./view.ts";

/** How many nearest misses a refusal shows. */
const MAX_MISSES = 3;

const UNKNOWN = deny("policy_unknown", "No policy of this name is for the token.");

/**
 * Chooses the named policy, or the only one that matches. A policy that does not lift every guard that the token trips
 * may not be used, whatever it matches.
 *
 * @param view leaves out policies that a refusal may not speak of.
 */
export function choosePolicy(
  index: PolicyIndex,
  attributes: Attributes,
  name: string | undefined,
  view = wholeView(index, attributes),
): Result<Policy, Denial> {
  const named = name === undefined ? undefined : index.byName.get(name);
  if (name !== undefined && (named === undefined || !view.has(named))) return err(UNKNOWN);
  const considered = named === undefined ? [...candidates(index, attributes)].filter(view.has) : [named];
  const matching = considered.filter((policy) => matches(policy, attributes));
  const tripped = trippedGuards(attributes);
  const unliftedGuard: UnliftedGuard = (policy) => tripped.find((guard) => !lifts(policy, guard));
  const usable = matching.filter((policy) => unliftedGuard(policy) === undefined);
  const [only, ...others] = usable;
  if (only !== undefined) return others.length === 0 ? ok(only) : err(ambiguous(usable));

  const guard = guardInTheWay(matching.length > 0 ? matching : considered, tripped, unliftedGuard);
  if (guard !== undefined) return err(guarded(guard, attributes));
  const misses = named === undefined ? nearestMisses(view, attributes) : [tracePolicy(named, attributes)];
  return err(denied(misses));
}

/** The first tripped guard that a policy does not lift. */
type UnliftedGuard = (policy: Policy) => TrippedGuard | undefined;

/** The guard that is the reason of a refusal: there is one where none of these policies lifts every guard. */
function guardInTheWay(
  policies: readonly Policy[],
  tripped: readonly TrippedGuard[],
  unliftedGuard: UnliftedGuard,
): TrippedGuard | undefined {
  const [first, ...rest] = policies;
  if (first === undefined) return tripped[0];
  return rest.every((policy) => unliftedGuard(policy) !== undefined) ? unliftedGuard(first) : undefined;
}

/** The nearest misses: the policies with the fewest failed conditions, in the order of the document where equal. */
export function nearestMisses(view: View, attributes: Attributes): readonly PolicyTrace[] {
  return view
    .nearby()
    .map((policy) => tracePolicy(policy, attributes))
    .sort((left, right) => distance(left) - distance(right) || left.policy.position - right.policy.position)
    .slice(0, MAX_MISSES);
}

function ambiguous(policies: readonly Policy[]): Denial {
  const names = policies.map(({ name }) => name);
  const shown = names.slice(0, 10).join(", ") + (names.length > 10 ? " and more" : "");
  return deny("ambiguous_policy", `${names.length} policies match: ${shown}.`);
}

function guarded({ guard }: TrippedGuard, attributes: Attributes): Denial {
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
