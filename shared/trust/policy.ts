import { type Denial, deny } from "../denial.ts";
import { isJsonObject } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import type { Grant } from "../svid.ts";
import { type Attributes, attributeValue, displayed } from "./attributes.ts";
import { renderClaims } from "./claims-template.ts";
import type { TrustConfig } from "./config.ts";
import { type Guard, lifts, trippedGuards } from "./guard.ts";
import type { AllowedIssuer } from "./issuer.ts";
import type { AllowedAudience, Policy } from "./policy-entry.ts";
import { candidates, neighbours, type PolicyIndex } from "./policy-index.ts";
import { renderSpiffeId } from "./spiffe-id-template.ts";
import type { RenderProblem } from "./template.ts";
import { checksOf, distance, matches, type PolicyTrace, tracePolicy } from "./trace.ts";

/** What the caller may choose. */
export interface DecisionRequest {
  /** The name of the policy to use; absent: exactly one must match. */
  readonly policy?: string;
  /** The audience of the SVID; absent: the policy's only one. */
  readonly audience?: string;
}

/** How many nearest misses a refusal shows. */
const MAX_MISSES = 3;

/** A token has a few kilobytes; claims that are longer than this in an SVID have taken in more than an identity. */
const MAX_CLAIMS_LENGTH = 4_096;

/**
 * Decides what a verified token is granted: guards, policy, audience, SPIFFE ID and claims, in this order.
 *
 * @returns the grant, or why not; a denial shows the caller its own values and never what a policy expects.
 */
export function decide(
  config: TrustConfig,
  issuer: AllowedIssuer,
  attributes: Attributes,
  request: DecisionRequest,
): Result<Grant, Denial> {
  const policy = choosePolicy(config.policies.get(issuer.id), attributes, request.policy);
  if (!policy.ok) return policy;
  const audience = chooseAudience(policy.value, request.audience);
  if (!audience.ok) return audience;
  return render(policy.value, audience.value, attributes);
}

/** The nearest misses: the policies with the fewest failed conditions, in the order of the document where equal. */
export function nearestMisses(index: PolicyIndex, attributes: Attributes): readonly PolicyTrace[] {
  return neighbours(index, attributes)
    .map((policy) => tracePolicy(policy, attributes))
    .sort((left, right) => distance(left) - distance(right) || left.policy.position - right.policy.position)
    .slice(0, MAX_MISSES);
}

function choosePolicy(
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

  const relevant = matching.length > 0 ? matching : considered;
  const guard = relevant.every((policy) => standing(policy) !== undefined) ? guards[0] : undefined;
  if (guard !== undefined) return err(guarded(guard, attributes));
  return err(
    denied(named === undefined ? nearestMisses(index, attributes) : [tracePolicy(named, attributes)]),
  );
}

function chooseAudience(policy: Policy, wanted: string | undefined): Result<AllowedAudience, Denial> {
  if (wanted !== undefined) {
    const found = policy.audiences.find(({ audience }) => audience === wanted);
    return found === undefined
      ? err(deny("audience_refused", `The policy ${policy.name} does not allow this audience.`))
      : ok(found);
  }
  const [only, ...others] = policy.audiences;
  return only === undefined || others.length > 0
    ? err(deny("audience_required", `The policy ${policy.name} allows several audiences.`))
    : ok(only);
}

function render(
  policy: Policy,
  { audience, algorithm }: AllowedAudience,
  attributes: Attributes,
): Result<Grant, Denial> {
  const spiffeId = renderSpiffeId(policy.spiffeId, attributes);
  if (!spiffeId.ok) return err(unrendered(policy, "SPIFFE ID", spiffeId.error, attributes));
  const claims = policy.claims === undefined ? ok({}) : renderClaims(policy.claims, attributes);
  if (!claims.ok) return err(unrendered(policy, "claims", claims.error, attributes));
  if (!isJsonObject(claims.value) || JSON.stringify(claims.value).length > MAX_CLAIMS_LENGTH) {
    return err(unrendered(policy, "claims", `are longer than ${MAX_CLAIMS_LENGTH} characters`, attributes));
  }
  const { name, ttlSeconds } = policy;
  return ok({
    policy: name,
    spiffeId: spiffeId.value,
    audience,
    algorithm,
    ttlSeconds,
    claims: claims.value,
  });
}

function unrendered(
  policy: Policy,
  part: string,
  problem: RenderProblem | string,
  attributes: Attributes,
): Denial {
  const start = `The ${part} of the policy ${policy.name} can't be made:`;
  if (typeof problem === "string") return deny("identity_refused", `${start} ${problem}.`);
  const attribute = problem.attribute.name;
  const value = displayed(attributeValue(attributes, problem.attribute));
  return deny("identity_refused", `${start} ${attribute} ${problem.reason}.`, {
    checks: [{ policy: policy.name, attribute, value, pass: false }],
  });
}

function ambiguous(policies: readonly Policy[]): Denial {
  const names = policies.map(({ name }) => name);
  const shown = names.slice(0, 10).join(", ") + (names.length > 10 ? " and more" : "");
  return deny("ambiguous_policy", `${names.length} policies match: ${shown}.`);
}

function guarded(guard: Guard, attributes: Attributes): Denial {
  const attribute = `jwt.claim.${guard.claim}`;
  const { claims } = attributes;
  const value = displayed(Object.hasOwn(claims, guard.claim) ? claims[guard.claim] : undefined);
  return deny("guard_refused", `${guard.reason}; a policy lifts this by naming ${attribute} in its match.`, {
    checks: [{ policy: `guard:${guard.name}`, attribute, value, pass: false }],
  });
}

function denied(misses: readonly PolicyTrace[]): Denial {
  const [only, ...others] = misses;
  const detail =
    only !== undefined && others.length === 0
      ? `The token does not meet the policy ${only.policy.name}.`
      : "The token meets no policy of its issuer; the nearest misses are listed.";
  return deny("policy_denied", detail, { checks: misses.flatMap(checksOf) });
}
