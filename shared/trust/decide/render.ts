import type { JsonValue } from "../../json.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Attribute } from "../model/attribute.ts";
import { FILTERS } from "../model/filter.ts";
import type { Placeholder, TemplatePart } from "../model/template.ts";
import { canonicalScalar } from "../model/value.ts";

/** Why a value can't be rendered: of which attribute, and the rule that it breaks. Never the value. */
export interface RenderProblem<A = Attribute> {
  readonly attribute: A;
  /** Ends a sentence whose subject is the attribute. */
  readonly reason: string;
}

/** Looks up an attribute. JSON null is none. */
export type LookUp<A> = (attribute: A) => JsonValue | undefined;

/** The value as a canonical string, filtered. Missing, empty and compound values are refused. */
export function renderPlaceholder<A>(
  { attribute, filters }: Placeholder<A>,
  lookUp: LookUp<A>,
): Result<string, RenderProblem<A>> {
  const text = textOf(lookUp(attribute));
  if (!text.ok) return err({ attribute, reason: text.error });
  return ok(filters.reduce((filtered, filter) => FILTERS[filter].apply(filtered), text.value));
}

/** The texts of the parts, joined. */
export function renderText<A>(
  parts: readonly TemplatePart<A>[],
  lookUp: LookUp<A>,
): Result<string, RenderProblem<A>> {
  let rendered = "";
  for (const part of parts) {
    const text = part.kind === "text" ? ok(part.text) : renderPlaceholder(part, lookUp);
    if (!text.ok) return text;
    rendered += text.value;
  }
  return ok(rendered);
}

function textOf(value: JsonValue | undefined): Result<string, string> {
  if (value === undefined) return err("is missing");
  if (value === "") return err("is empty");
  const text = canonicalScalar(value);
  if (text === undefined) return err("is neither text nor an integer nor a boolean");
  return text.isWellFormed() ? ok(text) : err("is not well-formed Unicode");
}
