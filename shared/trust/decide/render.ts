import type { JsonValue } from "../../json.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Attribute } from "../model/attribute.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { FILTERS } from "../model/filter.ts";
import type { Placeholder } from "../model/template.ts";
import { canonicalScalar } from "../model/value.ts";

/** Why a value can't be rendered: of which attribute, and the rule that it breaks. Never the value. */
export interface RenderProblem {
  readonly attribute: Attribute;
  /** Ends a sentence whose subject is the attribute. */
  readonly reason: string;
}

/** The value as a canonical string, filtered. Missing, empty and compound values are refused. */
export function renderPlaceholder(
  { attribute, filters }: Placeholder,
  attributes: Attributes,
): Result<string, RenderProblem> {
  const text = textOf(attributeValue(attributes, attribute));
  if (!text.ok) return err({ attribute, reason: text.error });
  return ok(filters.reduce((filtered, filter) => FILTERS[filter].apply(filtered), text.value));
}

function textOf(value: JsonValue | undefined): Result<string, string> {
  if (value === undefined) return err("is missing");
  if (value === "") return err("is empty");
  const text = canonicalScalar(value);
  if (text === undefined) return err("is neither text nor an integer nor a boolean");
  return text.isWellFormed() ? ok(text) : err("is not well-formed Unicode");
}
