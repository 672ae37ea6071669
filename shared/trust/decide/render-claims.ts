import type { JsonValue } from "../../json.ts";
import { allOk, err, ok, type Result } from "../../result.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import type { ClaimsTemplate, Placeholder } from "../model/template.ts";
import { holdsRounded } from "../model/value.ts";
import { type RenderProblem, renderText } from "./render.ts";

/** Renders the claims. Every attribute that they use must be there. */
export function renderClaims(
  template: ClaimsTemplate,
  attributes: Attributes,
): Result<JsonValue, RenderProblem> {
  switch (template.kind) {
    case "constant":
      return ok(template.value);
    case "text":
      return renderText(template.parts, (attribute) => attributeValue(attributes, attribute));
    case "value":
      return renderValue(template.placeholder, attributes);
    case "list":
      return allOk(template.items.map((item) => renderClaims(item, attributes)));
    case "object": {
      const values = allOk(template.members.map(([, member]) => renderClaims(member, attributes)));
      if (!values.ok) return values;
      return ok(
        Object.fromEntries(template.members.map(([name], index) => [name, values.value[index] ?? null])),
      );
    }
  }
}

/** A text that is one placeholder without a filter keeps its JSON type; arrays and objects are taken as they are. */
function renderValue({ attribute }: Placeholder, attributes: Attributes): Result<JsonValue, RenderProblem> {
  const value = attributeValue(attributes, attribute);
  if (value === undefined) return err({ attribute, reason: "is missing" });
  return holdsRounded(value) ? err({ attribute, reason: "has an integer beyond 2^53" }) : ok(value);
}
