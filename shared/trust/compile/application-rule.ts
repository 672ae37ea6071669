import type { Path } from "../../shape.ts";
import type { RuleEntry } from "../document/application-shape.ts";
import type { ApplicationRule, SvidTemplate, TraitTemplate } from "../model/application.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { SVID_ID } from "../model/svid-attribute.ts";
import { isPath } from "../model/template.ts";
import { compileConditions } from "./condition.ts";
import type { ApplicationParsers } from "./parsers.ts";

/** ASCII without spaces, as the names of claims. */
const TRAIT_NAME = /^[A-Za-z0-9_.:/~-]{1,128}$/;

/** The username where a rule gives none: the assertion is then a JWT-SVID itself. */
const SPIFFE_ID: SvidTemplate = [{ kind: "placeholder", attribute: SVID_ID, filters: [] }];

/** Compiles one of an application's rules. */
export function compileRule(
  entry: RuleEntry,
  parsers: ApplicationParsers,
  at: Path,
  report: Report,
): ApplicationRule {
  const { username } = entry;
  return {
    match: compileConditions(entry.match, parsers, [...at, "match"], report),
    roles: compileTexts(entry.roles ?? [], [...at, "roles"]),
    traits: (entry.traits ?? []).map(([name, values]) => compileTrait(name, values)),
    username: username === undefined ? SPIFFE_ID : compileText(username, [...at, "username"]),
  };

  function compileTrait(name: string, values: readonly string[]): TraitTemplate {
    const path = [...at, "traits", name];
    if (!TRAIT_NAME.test(name) || name === "__proto__") {
      const message = "the name of a trait may contain only A-Z a-z 0-9 _ . : / ~ -; use another name";
      report(errorAt(path, "shape", message));
    }
    return { name, values: compileTexts(values, path) };
  }

  function compileTexts(texts: readonly string[], path: Path): readonly SvidTemplate[] {
    return texts.map((text, index) => compileText(text, [...path, index]));
  }

  function compileText(text: string, path: Path): SvidTemplate {
    const parts = parsers.template(text);
    const problem = !parts.ok
      ? parts.error
      : parts.value.some(isPath)
        ? "the filter path is for spiffeId alone; remove it here"
        : undefined;
    if (problem !== undefined) report(errorAt(path, "template", problem));
    return parts.ok ? parts.value : [];
  }
}
