import { type AssertionGrant, headerValue } from "../../assertion.ts";
import type { Denial } from "../../denial.ts";
import type { Result } from "../../result.ts";
import { decideApplication, ruleMatches } from "../decide/application.ts";
import { displayed } from "../decide/check.ts";
import { fits } from "../decide/condition.ts";
import type { Application, ApplicationRule } from "../model/application.ts";
import { SVID_ID, svidClaimAttribute } from "../model/svid-attribute.ts";
import { type SvidAttributes, svidAttributeValue } from "../model/svid-attributes.ts";
import { type ConditionExplanation, describeMatcher } from "./condition-explanation.ts";

/** What stands for the assertion, which nobody signs offline. */
const ASSERTION = "{{ internal.jwt }}";

/** One header of a request to the application, with `{{ internal.jwt }}` for the assertion. */
export interface ShownHeader {
  readonly name: string;
  readonly value: string;
}

export interface RuleExplanation {
  readonly matched: boolean;
  readonly match: readonly ConditionExplanation[];
}

/** How a decision on a caller of an application came about, as plain data. */
export interface ApplicationExplanation {
  readonly application: string;
  readonly host: string;
  /** The audience that the caller's token must have. */
  readonly audience: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  /** In their order: the first that matched decided. */
  readonly rules: readonly RuleExplanation[];
  readonly outcome: Result<AssertionGrant, Denial>;
  /** None where the caller is refused. */
  readonly headers: readonly ShownHeader[];
}

/** Explains what `decideApplication` says of a caller. */
export function explainApplication(application: Application, caller: SvidAttributes): ApplicationExplanation {
  const { name, host, audience, rules } = application;
  const outcome = decideApplication(application, caller);
  return {
    application: name,
    host,
    audience,
    attributes: listSvidAttributes(caller),
    rules: rules.map((rule) => explainRule(rule, caller)),
    outcome,
    headers: outcome.ok ? outcome.value.headers.map(shownHeader) : [],
  };
}

function shownHeader(line: AssertionGrant["headers"][number]): ShownHeader {
  return { name: line.name, value: headerValue(line, ASSERTION) };
}

function explainRule(rule: ApplicationRule, caller: SvidAttributes): RuleExplanation {
  const match = rule.match.map(({ attribute, matcher }) => {
    const value = svidAttributeValue(caller, attribute);
    return {
      attribute: attribute.name,
      expected: describeMatcher(matcher),
      value: displayed(value),
      holds: fits(matcher, value),
    };
  });
  return { matched: ruleMatches(rule, caller), match };
}

/** Every attribute that the caller has. */
function listSvidAttributes(caller: SvidAttributes): ApplicationExplanation["attributes"] {
  const claims = Object.keys(caller.claims).map((name) => svidClaimAttribute([name]));
  return [SVID_ID, ...claims].flatMap((attribute) => {
    const value = displayed(svidAttributeValue(caller, attribute));
    return value === null ? [] : [{ name: attribute.name, value }];
  });
}
