import { err, ok, type Result } from "../../result.ts";
import { parseSpiffeId, type TrustDomain } from "../../spiffe-id.ts";
import { FILTERS } from "../model/filter.ts";
import type { Rule } from "../model/problem.ts";
import { isPath, isPlaceholder, type SpiffeIdTemplate, type TemplatePart } from "../model/template.ts";
import { scanAttribute } from "./attribute.ts";
import { compileTemplate } from "./template.ts";

/** What is wrong with a template, and which rule it breaks. */
export interface TemplateProblem {
  readonly rule: Rule;
  readonly message: string;
}

/** Compiles a template and judges everything about it that no value can change. */
export function compileSpiffeIdTemplate(
  template: string,
  trustDomain: TrustDomain,
): Result<SpiffeIdTemplate, TemplateProblem> {
  const parts = compileTemplate(template, trustDomain, scanAttribute);
  if (!parts.ok) return err({ rule: "template", message: parts.error });
  const prefix = `spiffe://${trustDomain}/`;
  const [first, ...rest] = parts.value;
  if (first?.kind !== "text" || !first.text.startsWith(prefix)) {
    return err({
      rule: "spiffe-id",
      message: "the template does not start with spiffe://{{ trustDomain }}/; write this and then a path",
    });
  }
  const segments = splitSegments([{ kind: "text", text: first.text.slice(prefix.length) }, ...rest]);
  const problem = ambiguity(segments) ?? staticProblem(segments, prefix);
  return problem === undefined ? ok({ trustDomain, segments }) : err(problem);
}

/** Cuts the parts at each `/` of their text. */
function splitSegments(parts: readonly TemplatePart[]): readonly (readonly TemplatePart[])[] {
  const segments: TemplatePart[][] = [[]];
  for (const part of parts) {
    const texts = part.kind === "text" ? part.text.split("/") : [];
    if (isPlaceholder(part)) segments.at(-1)?.push(part);
    texts.forEach((text, index) => {
      if (index > 0) segments.push([]);
      if (text !== "") segments.at(-1)?.push({ kind: "text", text });
    });
  }
  return segments;
}

/**
 * Different values must give different IDs, so that the values can be read back from an ID. That is possible where all
 * placeholders of a segment but one have a fixed length, and where one placeholder alone has the filter `path`.
 */
function ambiguity(segments: readonly (readonly TemplatePart[])[]): TemplateProblem | undefined {
  const ambiguous = (message: string): TemplateProblem => ({ rule: "template-ambiguous", message });
  if (segments.some((parts) => parts.filter(isOfAnyLength).length > 1)) {
    return ambiguous(
      "two placeholders in one segment can give different jobs the same SPIFFE ID; put a / between them, or use hash for one",
    );
  }
  if (segments.flat().filter(isPath).length > 1) {
    return ambiguous(
      "two placeholders with the filter path can give different jobs the same SPIFFE ID; use path once, and enc or hash for the other",
    );
  }
  if (segments.some((parts) => parts.length > 1 && parts.some(isPath))) {
    return ambiguous(
      "a placeholder with the filter path shares its segment with text; put a / on both sides of it, or use enc",
    );
  }
  return undefined;
}

function staticProblem(
  segments: readonly (readonly TemplatePart[])[],
  prefix: string,
): TemplateProblem | undefined {
  const sample = segments.map((parts) =>
    parts.map((part) => (part.kind === "text" ? part.text : "x")).join(""),
  );
  const parsed = parseSpiffeId(prefix + sample.join("/"));
  return parsed.ok
    ? undefined
    : {
        rule: "spiffe-id",
        message: `${parsed.error}; write segments of A-Z a-z 0-9 . - _ only, and placeholders`,
      };
}

function isOfAnyLength(part: TemplatePart): boolean {
  return isPlaceholder(part) && !part.filters.some((filter) => "fixedLength" in FILTERS[filter]);
}
