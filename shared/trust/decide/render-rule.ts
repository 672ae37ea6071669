import type { AssertionGrant } from "../../assertion.ts";
import { allOk, err, ok, type Result } from "../../result.ts";
import type { ApplicationRule, SvidTemplate, TraitTemplate } from "../model/application.ts";
import type { SvidAttribute } from "../model/svid-attribute.ts";
import { type SvidAttributes, svidAttributeValue } from "../model/svid-attributes.ts";
import { type RenderProblem, renderText } from "./render.ts";

/** What the rule that matched gives to one caller. */
export type RuleResult = Pick<AssertionGrant, "username" | "roles" | "traits">;

/** Renders a rule with the caller's values, all of which must be there. @returns what is wrong, as a sentence. */
export function renderRule(rule: ApplicationRule, caller: SvidAttributes): Result<RuleResult, string> {
  const username = renderText(rule.username, (attribute) => svidAttributeValue(caller, attribute));
  if (!username.ok) return err(sentence("username", username.error));
  const roles = renderTexts(rule.roles, caller);
  if (!roles.ok) return err(sentence("list of roles", roles.error));
  const traits = allOk(rule.traits.map((trait) => renderTrait(trait, caller)));
  if (!traits.ok) return traits;
  return ok({ username: username.value, roles: roles.value, traits: Object.fromEntries(traits.value) });
}

function renderTrait(
  { name, values }: TraitTemplate,
  caller: SvidAttributes,
): Result<readonly [string, readonly string[]], string> {
  const texts = renderTexts(values, caller);
  return texts.ok ? ok([name, texts.value]) : err(sentence(`trait ${name}`, texts.error));
}

function renderTexts(
  templates: readonly SvidTemplate[],
  caller: SvidAttributes,
): Result<readonly string[], RenderProblem<SvidAttribute>> {
  const texts = allOk(templates.map((template) => textsOf(template, caller)));
  return texts.ok ? ok(texts.value.flat()) : texts;
}

/** One placeholder alone, without a filter, gives a text for each element of a list. */
function textsOf(
  template: SvidTemplate,
  caller: SvidAttributes,
): Result<readonly string[], RenderProblem<SvidAttribute>> {
  const [only, ...others] = template;
  const value =
    only?.kind === "placeholder" && only.filters.length === 0 && others.length === 0
      ? svidAttributeValue(caller, only.attribute)
      : undefined;
  if (only?.kind === "placeholder" && Array.isArray(value)) {
    if (value.length === 0) return err({ attribute: only.attribute, reason: "is an empty list" });
    return allOk(value.map((element) => renderText(template, () => element)));
  }
  const text = renderText(template, (attribute) => svidAttributeValue(caller, attribute));
  return text.ok ? ok([text.value]) : text;
}

function sentence(part: string, { attribute, reason }: RenderProblem<SvidAttribute>): string {
  return `The ${part} can't be made: ${attribute.name} ${reason}.`;
}
