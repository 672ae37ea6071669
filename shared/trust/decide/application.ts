import type { AssertionGrant } from "../../assertion.ts";
import { type Denial, deny } from "../../denial.ts";
import type { JsonObject } from "../../json.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Application, ApplicationRule } from "../model/application.ts";
import { type SvidAttributes, svidAttributeValue } from "../model/svid-attributes.ts";
import { fits } from "./condition.ts";
import { renderHeaders } from "./render-headers.ts";
import { type RuleResult, renderRule } from "./render-rule.ts";

/**
 * What a rule gives, as JSON. It is a header of every request, and applications take 8 to 16 KiB of headers, in which
 * the caller's own have to have room as well.
 */
const MAX_RESULT_LENGTH = 4_096;

/**
 * Decides what an application is told of a caller whose token holds, first failure wins: the first rule that matches,
 * its roles, traits and username, the headers.
 *
 * @returns the assertion to mint, or why not. A denial never shows what a rule expects.
 */
export function decideApplication(
  application: Application,
  caller: SvidAttributes,
): Result<AssertionGrant, Denial> {
  const index = application.rules.findIndex((rule) => ruleMatches(rule, caller));
  const rule = application.rules[index];
  if (rule === undefined)
    return err(deny("application_denied", "The caller's SVID meets no rule of the application."));
  const result = renderRule(rule, caller);
  if (!result.ok) return refuse(result.error);
  if (JSON.stringify(result.value).length > MAX_RESULT_LENGTH)
    return refuse(`Roles, traits and username are longer than ${MAX_RESULT_LENGTH} characters.`);
  const headers = renderHeaders(application.headers, caller, result.value.traits);
  if (!headers.ok) return refuse(headers.error);
  const { audience, algorithm, ttlSeconds } = application.assertion;
  return ok({
    application: application.name,
    rule: index,
    spiffeId: caller.spiffeId,
    ...result.value,
    audience,
    algorithm,
    ttlSeconds,
    claims: claimsOf(application, caller, result.value),
    headers: headers.value,
  });
}

/** Whether all conditions of a rule hold for the caller. */
export function ruleMatches({ match }: ApplicationRule, caller: SvidAttributes): boolean {
  return match.every(({ attribute, matcher }) => fits(matcher, svidAttributeValue(caller, attribute)));
}

function claimsOf(
  { assertion }: Application,
  { spiffeId }: SvidAttributes,
  { username, roles, traits }: RuleResult,
): JsonObject {
  const wanted = assertion.claims;
  return {
    username,
    spiffe_id: spiffeId,
    ...(wanted === "roles" || wanted === "roles-and-traits" ? { roles } : {}),
    ...(wanted === "traits" || wanted === "roles-and-traits" ? { traits } : {}),
  };
}

function refuse(detail: string): Result<never, Denial> {
  return err(deny("assertion_refused", detail));
}
