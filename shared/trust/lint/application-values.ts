import type { Path } from "../../shape.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import type { SvidAttribute } from "../model/svid-attribute.ts";
import { isPlaceholder, type TemplatePart } from "../model/template.ts";
import { type ApplicationLint, applicationPath, type RuleSubject } from "./application-subject.ts";
import { claimOfPolicy } from "./callers.ts";
import { note, warning } from "./finding.ts";

/** Lints of values that the SVIDs of some callers, or of all, do not have. */

/** Values of roles, traits and usernames. */
export const missingInRules: ApplicationLint = ({ rules }) =>
  rules.flatMap(({ rule, at, callers }) => [
    ...missingClaims(rule.roles.flat(), callers, [...at, "roles"]),
    ...rule.traits.flatMap(({ name, values }) =>
      missingClaims(values.flat(), callers, [...at, "traits", name]),
    ),
    ...missingClaims(rule.username, callers, [...at, "username"]),
  ]);

/** Values of headers, and traits that a rule does not give. */
export const missingInHeaders: ApplicationLint = ({ application, rules }) => {
  const everybody = [...new Set(rules.flatMap(({ callers }) => callers))];
  return application.headers.flatMap(({ position, parts }) => {
    if (position === undefined) return [];
    const at = applicationPath(application, "rewrite", "headers", position);
    const placeholders = parts.filter(isPlaceholder);
    const claims = placeholders.flatMap(({ attribute }) =>
      attribute.kind === "svid-claim" ? missingClaim(attribute, everybody, at) : [],
    );
    const traits = placeholders.flatMap(({ attribute }) =>
      attribute.kind === "trait" ? missingTraits(attribute.trait, rules, at) : [],
    );
    return [...claims, ...traits];
  });
};

function missingClaims(
  parts: readonly TemplatePart<SvidAttribute>[],
  callers: readonly Policy[],
  at: Path,
): readonly Problem[] {
  return parts.filter(isPlaceholder).flatMap(({ attribute }) => missingClaim(attribute, callers, at));
}

function missingClaim(attribute: SvidAttribute, callers: readonly Policy[], at: Path): readonly Problem[] {
  if (attribute.kind === "svid-id") return [];
  const [claim] = attribute.path;
  const without = callers.filter((policy) => claimOfPolicy(policy, claim) === undefined);
  const [first] = without;
  if (first === undefined) return [];
  return without.length === callers.length
    ? [warning(at, "unrenderable", missing(`no policy gives its SVIDs the claim ${claim}`, "every caller"))]
    : [
        note(
          at,
          "may-be-missing",
          missing(`the policy ${first.name} gives its SVIDs no claim ${claim}`, "its callers"),
        ),
      ];
}

function missing(what: string, who: string): string {
  return `${what}, so that the gateway refuses ${who} as assertion_refused; add the claim to the policy, or narrow the rule`;
}

function missingTraits(trait: string, rules: readonly RuleSubject[], at: Path): readonly Problem[] {
  return rules.flatMap(({ rule }, index) => {
    if (rule.traits.some(({ name }) => name === trait)) return [];
    const message = `rule ${index + 1} gives no trait ${trait}, so that the gateway refuses its callers as assertion_refused; add the trait to the rule, or remove the header`;
    return [warning(at, "unrenderable", message)];
  });
}
