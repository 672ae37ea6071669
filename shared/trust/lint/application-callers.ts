import type { Path } from "../../shape.ts";
import type { Condition } from "../model/condition.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import type { SvidAttribute } from "../model/svid-attribute.ts";
import { applicationPath, type CallerLint, type CallersOfRule } from "./application-subject.ts";
import { claimOfPolicy, mayMeet } from "./callers.ts";
import { warning } from "./finding.ts";
import { formText, idForm } from "./id-form.ts";

/** Lints of who can call an application at all. */

export const uncalledApplication: CallerLint = ({ application, callers }) => {
  if (callers.length > 0) return [];
  const { audience } = application;
  const message = `no policy has the audience ${audience}, so that nobody gets in; add it to the audiences of a policy`;
  return [warning(applicationPath(application, "audience"), "uncalled-application", message)];
};

/** Conditions that no SVID for the application meets, and rules whose conditions no one SVID meets. */
export const impossibleRules: CallerLint = (subject) =>
  subject.callers.length === 0 ? [] : subject.rules.flatMap((rule) => impossibleRule(rule, subject.callers));

/** @param everybody the policies of all callers. */
function impossibleRule(
  { rule, at, callers }: CallersOfRule,
  everybody: readonly Policy[],
): readonly Problem[] {
  if (callers.length > 0) return [];
  const impossible = rule.match.filter((condition) =>
    everybody.every((policy) => !mayMeet(policy, condition)),
  );
  if (impossible.length > 0)
    return impossible.map((condition) => impossibleCondition(condition, at, everybody));
  const message = "no caller meets all of these conditions; write a rule for each policy";
  return [warning([...at, "match"], "never-matches", message)];
}

function impossibleCondition(
  { key, attribute }: Condition<SvidAttribute>,
  at: Path,
  everybody: readonly Policy[],
): Problem {
  const reason =
    attribute.kind === "svid-id" ? grantedId(everybody) : givenClaim(attribute.path[0], everybody);
  return warning([...at, "match", key], "never-matches", `no caller meets this condition: ${reason}`);
}

function grantedId([first]: readonly Policy[]): string {
  if (first === undefined) return "";
  const id = `spiffe://${first.spiffeId.trustDomain}/${formText(idForm(first))}`;
  return `the policy ${first.name}, for example, grants ${id}; write such an ID, or a pattern for it`;
}

function givenClaim(claim: string, everybody: readonly Policy[]): string {
  return everybody.some((policy) => claimOfPolicy(policy, claim) !== undefined)
    ? `no policy gives ${claim} such a value; correct one of the two`
    : `no policy gives its SVIDs the claim ${claim}; add it to the claims of a policy`;
}
