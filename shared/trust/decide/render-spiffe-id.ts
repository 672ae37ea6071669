import { err, ok, type Result } from "../../result.ts";
import { parseSpiffeId, type SpiffeId, segmentProblem } from "../../spiffe-id.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { isPath, type Placeholder, type SpiffeIdTemplate, type TemplatePart } from "../model/template.ts";
import { type RenderProblem, renderPlaceholder } from "./render.ts";

/**
 * Renders the SPIFFE ID and validates each value as the segment or segments that it becomes.
 *
 * @returns the ID, or which attribute does not fit, or what is wrong with the ID as a whole.
 */
export function renderSpiffeId(
  template: SpiffeIdTemplate,
  attributes: Attributes,
): Result<SpiffeId, RenderProblem | string> {
  const segments: string[] = [];
  for (const parts of template.segments) {
    const segment = renderSegment(parts, attributes);
    if (!segment.ok) return segment;
    segments.push(segment.value);
  }
  return parseSpiffeId(`spiffe://${template.trustDomain}/${segments.join("/")}`);
}

function renderSegment(
  parts: readonly TemplatePart[],
  attributes: Attributes,
): Result<string, RenderProblem> {
  let segment = "";
  let attribute: Placeholder["attribute"] | undefined;
  for (const part of parts) {
    if (part.kind === "text") {
      segment += part.text;
      continue;
    }
    const rendered = renderPlaceholder(part, (one) => attributeValue(attributes, one));
    if (!rendered.ok) return rendered;
    const problem = valueProblem(part, rendered.value);
    if (problem !== undefined) return err({ attribute: part.attribute, reason: problem });
    segment += rendered.value;
    attribute = part.attribute;
  }
  const dots = attribute === undefined || segment.includes("/") ? undefined : segmentProblem(segment);
  return attribute === undefined || dots === undefined
    ? ok(segment)
    : err({ attribute, reason: `gives a segment that is refused: ${dots}` });
}

/** A value that is part of a segment may be dots alone (`v{{ x }}`); a whole segment may not, which is judged with the segment. */
function valueProblem(placeholder: Placeholder, value: string): string | undefined {
  if (!isPath(placeholder)) return segmentProblem(`-${value}`);
  return value
    .split("/")
    .map(segmentProblem)
    .find((problem) => problem !== undefined);
}
