import { err, ok, type Result } from "../../result.ts";
import { parseSpiffeId, type SpiffeId, segmentProblem, type TrustDomain } from "../../spiffe-id.ts";
import type { Attributes } from "../model/attributes.ts";
import { FILTERS } from "../model/filter.ts";
import type { Rule } from "../model/problem.ts";
import { compileTemplate, type Piece, type Place, type RenderProblem, renderPlace } from "./template.ts";

/** A template whose every rendering is a SPIFFE ID of this trust domain, or is refused. */
export interface SpiffeIdTemplate {
  readonly trustDomain: TrustDomain;
  /** What follows `spiffe://<trust domain>/`, a list of pieces per path segment. */
  readonly segments: readonly (readonly Piece[])[];
}

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
  const pieces = compileTemplate(template, trustDomain);
  if (!pieces.ok) return err({ rule: "template", message: pieces.error });
  const prefix = `spiffe://${trustDomain}/`;
  const [first, ...rest] = pieces.value;
  if (first?.kind !== "text" || !first.text.startsWith(prefix)) {
    return err({
      rule: "spiffe-id",
      message:
        "a SPIFFE ID of this document is in its trust domain; write spiffe://{{ trustDomain }}/ and a path",
    });
  }
  const segments = splitSegments([{ kind: "text", text: first.text.slice(prefix.length) }, ...rest]);
  const problem = ambiguity(segments) ?? staticProblem(segments, prefix);
  return problem === undefined ? ok({ trustDomain, segments }) : err(problem);
}

/** Renders the ID, validating each value as the segment or segments that it becomes. */
export function renderSpiffeId(
  template: SpiffeIdTemplate,
  attributes: Attributes,
): Result<SpiffeId, RenderProblem | string> {
  const segments: string[] = [];
  for (const pieces of template.segments) {
    const segment = renderSegment(pieces, attributes);
    if (!segment.ok) return segment;
    segments.push(segment.value);
  }
  return parseSpiffeId(`spiffe://${template.trustDomain}/${segments.join("/")}`);
}

function renderSegment(pieces: readonly Piece[], attributes: Attributes): Result<string, RenderProblem> {
  let segment = "";
  let attribute: Place["attribute"] | undefined;
  for (const piece of pieces) {
    if (piece.kind === "text") {
      segment += piece.text;
      continue;
    }
    const rendered = renderPlace(piece, attributes);
    if (!rendered.ok) return rendered;
    const problem = valueProblem(piece, rendered.value);
    if (problem !== undefined) return err({ attribute: piece.attribute, reason: problem });
    segment += rendered.value;
    attribute = piece.attribute;
  }
  const dots = attribute === undefined || segment.includes("/") ? undefined : segmentProblem(segment);
  return attribute === undefined || dots === undefined
    ? ok(segment)
    : err({ attribute, reason: `gives a segment that is refused: ${dots}` });
}

/** A value that is part of a segment may be dots alone (`v{{ x }}`); a whole segment may not, which is judged with the segment. */
function valueProblem(place: Place, value: string): string | undefined {
  if (!isPath(place)) return segmentProblem(`-${value}`);
  return value
    .split("/")
    .map(segmentProblem)
    .find((problem) => problem !== undefined);
}

/** Cuts the pieces at each `/` of their text. */
function splitSegments(pieces: readonly Piece[]): readonly (readonly Piece[])[] {
  const segments: Piece[][] = [[]];
  for (const piece of pieces) {
    const texts = piece.kind === "text" ? piece.text.split("/") : [];
    if (piece.kind === "place") segments.at(-1)?.push(piece);
    texts.forEach((text, index) => {
      if (index > 0) segments.push([]);
      if (text !== "") segments.at(-1)?.push({ kind: "text", text });
    });
  }
  return segments;
}

/**
 * Different values must give different IDs. A segment of one place of any length, or of several of which all but one have
 * a fixed length, can be taken apart again; so can an ID with one `path` among its segments. Anything else can't.
 */
function ambiguity(segments: readonly (readonly Piece[])[]): TemplateProblem | undefined {
  const ambiguous = (message: string): TemplateProblem => ({ rule: "template-ambiguous", message });
  const places = segments.map((pieces) => pieces.filter((piece) => piece.kind === "place"));
  if (places.some((inSegment) => inSegment.filter(isOfAnyLength).length > 1)) {
    return ambiguous(
      "two values in one segment could give one ID to different jobs; put a / between them, or hash one",
    );
  }
  if (places.flat().filter(isPath).length > 1) {
    return ambiguous(
      "two path values could give one ID to different jobs; use path once, and enc or hash for the other",
    );
  }
  if (
    segments.some(
      (pieces) => pieces.length > 1 && pieces.some((piece) => piece.kind === "place" && isPath(piece)),
    )
  ) {
    return ambiguous("a path value shares its segment; put a / on both sides of it, or use enc");
  }
  return undefined;
}

function staticProblem(segments: readonly (readonly Piece[])[], prefix: string): TemplateProblem | undefined {
  const sample = segments.map((pieces) =>
    pieces.map((piece) => (piece.kind === "text" ? piece.text : "x")).join(""),
  );
  const parsed = parseSpiffeId(prefix + sample.join("/"));
  return parsed.ok
    ? undefined
    : {
        rule: "spiffe-id",
        message: `${parsed.error}; write segments of A-Z a-z 0-9 . - _ only, and placeholders`,
      };
}

/** Every place where the ID takes in an attribute. */
export function templatePlaces(template: SpiffeIdTemplate): readonly Place[] {
  return template.segments.flat().filter((piece) => piece.kind === "place");
}

export function isPath(place: Place): boolean {
  return place.filters.includes("path");
}

function isOfAnyLength(place: Place): boolean {
  return !place.filters.some((filter) => "fixedLength" in FILTERS[filter]);
}
