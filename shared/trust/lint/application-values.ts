import type { Path } from "../../shape.ts";
import type { Application, ApplicationRule } from "../model/application.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import type { HeaderAttribute, SvidAttribute } from "../model/svid-attribute.ts";
import { isPlaceholder, type TemplatePart } from "../model/template.ts";
import { type ApplicationLint, applicationPath, type CallerLint } from "./application-subject.ts";
import { claimOfPolicy } from "./callers.ts";
import { note, warning } from "./finding.ts";

/** Lints of values that the SVIDs of some callers, or of all, do not have. */

/** Values of roles, traits and usernames. */
export const missingInRules: CallerLint = ({ rules }) =>
  rules.flatMap(({ rule, at, callers }) => [
    ...missingClaims(rule.roles.flat(), callers, [...at, "roles"]),
    ...rule.traits.flatMap(({ name, values }) =>
      missingClaims(values.flat(), callers, [...at, "traits", name]),
    ),
    ...missingClaims(rule.username, callers, [...at, "username"]),
  ]);

/** Values of headers. */
export const missingInHeaders: CallerLint = ({ application, rules }) => {
  const everybody = [...new Set(rules.flatMap(({ callers }) => callers))];
  return rewritten(application).flatMap(({ at, attributes }) =>
    attributes.flatMap((attribute) =>
      attribute.kind === "svid-claim" ? missingClaim(attribute, everybody, at) : [],
    ),
  );
};

/** Traits of headers that a rule does not give. */
export const missingTraits: ApplicationLint = (application) =>
  rewritten(application).flatMap(({ at, attributes }) =>
    attributes.flatMap((attribute) =>
      attribute.kind === "trait" ? missingTrait(attribute.trait, application.rules, at) : [],
    ),
  );

/** The headers of `rewrite`, with what they look at. */
function rewritten(
  application: Application,
): readonly { readonly at: Path; readonly attributes: readonly HeaderAttribute[] }[] {
  return application.headers.flatMap(({ position, parts }) => {
    if (position === undefined) return [];
    const at = applicationPath(application, "rewrite", "headers", position);
    return [{ at, attributes: parts.filter(isPlaceholder).map(({ attribute }) => attribute) }];
  });
}

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

function missingTrait(trait: string, rules: readonly ApplicationRule[], at: Path): readonly Problem[] {
  return rules.flatMap(({ traits }, index) => {
    if (traits.some(({ name }) => name === trait)) return [];
    const message = `rule ${index + 1} gives no trait ${trait}, so that the gateway refuses its callers as assertion_refused; add the trait to the rule, or remove the header`;
    return [warning(at, "unrenderable", message)];
  });
}
