import { addToGroup } from "../../group-by.ts";
import type { JsonValue } from "../../json.ts";
import { fits } from "../decide/condition.ts";
import type { ApplicationRule } from "../model/application.ts";
import type { Condition, Matcher } from "../model/condition.ts";
import type { Policy } from "../model/policy.ts";
import type { SvidAttribute } from "../model/svid-attribute.ts";
import type { ClaimsTemplate } from "../model/template.ts";
import { policiesOf, type TrustConfig } from "../model/trust-config.ts";
import { idForm, mayEqual } from "./id-form.ts";
import { mayMatch } from "./id-pattern.ts";

/** Who may call an application: the policies that grant SVIDs for its audience, and what is known of these SVIDs. */

/** The policies that grant SVIDs for each audience, in the order of the document. */
export function policiesByAudience(config: TrustConfig): ReadonlyMap<string, readonly Policy[]> {
  const found = new Map<string, Policy[]>();
  for (const policy of policiesOf(config)) {
    for (const { audience } of policy.audiences) addToGroup(found, audience, policy);
  }
  return found;
}

/** Whether an SVID of the policy may meet all conditions of a rule, as far as the document shows. */
export function mayMeetRule(policy: Policy, { match }: ApplicationRule): boolean {
  return match.every((condition) => mayMeet(policy, condition));
}

/** Whether an SVID of the policy may meet a condition, as far as the document shows. */
export function mayMeet(policy: Policy, { attribute, matcher }: Condition<SvidAttribute>): boolean {
  if (attribute.kind === "svid-id") return idMayMeet(policy, matcher);
  const [name, ...inside] = attribute.path;
  const claim = claimOfPolicy(policy, name);
  if (claim === undefined) return fits(matcher, undefined);
  if (inside.length > 0) return true;
  const value = constantValue(claim);
  if (value !== undefined) return fits(matcher, value);
  // A claim of a policy is in all of its SVIDs: a job without the value gets none.
  return matcher.kind !== "exists" || matcher.expected;
}

/** The template of a claim that the policy gives. */
export function claimOfPolicy({ claims }: Policy, name: string): ClaimsTemplate | undefined {
  if (claims?.kind !== "object") return undefined;
  return claims.members.find(([member]) => member === name)?.[1];
}

/** The value that a claim has in every SVID of its policy. */
function constantValue(template: ClaimsTemplate): JsonValue | undefined {
  if (template.kind === "constant") return template.value;
  if (template.kind !== "list") return undefined;
  const items = template.items.map(constantValue);
  return items.some((item) => item === undefined) ? undefined : items.flatMap((item) => item ?? []);
}

function idMayMeet(policy: Policy, matcher: Matcher): boolean {
  if (matcher.kind === "exists") return matcher.expected;
  if (matcher.kind === "none-of") return true;
  const start = `spiffe://${policy.spiffeId.trustDomain}/`;
  const form = idForm(policy);
  const segmentsOf = (id: string) => (id.startsWith(start) ? id.slice(start.length).split("/") : []);
  return (
    [...matcher.literals].some((id) => mayEqual(form, segmentsOf(id))) ||
    matcher.globs.some(({ pattern }) => mayMatch(form, start, pattern))
  );
}
