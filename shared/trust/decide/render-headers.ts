import type { AssertionGrant, HeaderLine } from "../../assertion.ts";
import { allOk, err, ok, type Result } from "../../result.ts";
import type { HeaderTemplate } from "../model/application.ts";
import { headerValueProblem } from "../model/header.ts";
import type { HeaderAttribute } from "../model/svid-attribute.ts";
import { type SvidAttributes, svidAttributeValue } from "../model/svid-attributes.ts";
import type { Placeholder } from "../model/template.ts";
import { type LookUp, type RenderProblem, renderPlaceholder } from "./render.ts";

/** Names and values without the assertion. Applications take 8 to 16 KiB of headers, with the caller's own. */
const MAX_HEADERS_LENGTH = 8_192;

/** Renders the headers. @returns what is wrong, as a sentence. */
export function renderHeaders(
  templates: readonly HeaderTemplate[],
  caller: SvidAttributes,
  traits: AssertionGrant["traits"],
): Result<readonly HeaderLine[], string> {
  const rendered = allOk(templates.map((template) => renderHeader(template, caller, traits)));
  if (!rendered.ok) return rendered;
  const lines = rendered.value.flat();
  const length = lines.reduce((sum, { name, texts }) => sum + name.length + texts.join("").length, 0);
  return length > MAX_HEADERS_LENGTH
    ? err(`The headers are longer than ${MAX_HEADERS_LENGTH} characters.`)
    : ok(lines);
}

/** A header that has a trait is there once for each of its values. */
function renderHeader(
  template: HeaderTemplate,
  caller: SvidAttributes,
  traits: AssertionGrant["traits"],
): Result<readonly HeaderLine[], string> {
  const trait = template.parts.map(traitOf).find((name) => name !== undefined);
  const values = trait === undefined || !Object.hasOwn(traits, trait) ? [undefined] : (traits[trait] ?? []);
  const lines = allOk(
    values.map((value) =>
      renderLine(template, (attribute) => {
        if (attribute.kind === "trait") return value;
        return attribute.kind === "assertion" ? undefined : svidAttributeValue(caller, attribute);
      }),
    ),
  );
  if (lines.ok) return lines;
  const { attribute, reason } = lines.error;
  return err(`The header ${template.name} can't be made: ${attribute.name} ${reason}.`);
}

function traitOf(part: HeaderTemplate["parts"][number]): string | undefined {
  return part.kind === "placeholder" && part.attribute.kind === "trait" ? part.attribute.trait : undefined;
}

function renderLine(
  { name, parts }: HeaderTemplate,
  lookUp: LookUp<HeaderAttribute>,
): Result<HeaderLine, RenderProblem<HeaderAttribute>> {
  const texts = [""];
  for (const part of parts) {
    if (part.kind === "placeholder" && part.attribute.kind === "assertion") {
      texts.push("");
      continue;
    }
    const text = part.kind === "text" ? ok(part.text) : renderValue(part, lookUp);
    if (!text.ok) return text;
    texts.push((texts.pop() ?? "") + text.value);
  }
  return ok({ name, texts });
}

function renderValue(
  placeholder: Placeholder<HeaderAttribute>,
  lookUp: LookUp<HeaderAttribute>,
): Result<string, RenderProblem<HeaderAttribute>> {
  const text = renderPlaceholder(placeholder, lookUp);
  const reason = text.ok ? headerValueProblem(text.value) : undefined;
  return reason === undefined ? text : err({ attribute: placeholder.attribute, reason });
}
