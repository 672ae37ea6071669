import type { JsonValue } from "../../json.ts";
import { didYouMean } from "../../nearest-word.ts";
import { err, ok, type Result } from "../../result.ts";
import type { TrustDomain } from "../../spiffe-id.ts";
import { type Attribute, scanAttribute } from "../model/attribute.ts";
import { type Attributes, attributeValue } from "../model/attributes.ts";
import { FILTERS, type FilterName, isFilterName } from "../model/filter.ts";

/** A piece of a template: text as it stands, or the place of an attribute's value. */
export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "place"; readonly attribute: Attribute; readonly filters: readonly FilterName[] };

export type Place = Extract<Piece, { kind: "place" }>;

/** Why a value can't be rendered: of which attribute, and the rule that it breaks. Never the value. */
export interface RenderProblem {
  readonly attribute: Attribute;
  readonly reason: string;
}

const OPEN = "{{";
const CLOSE = "}}";
const SPACE = /\s*/y;
const FILTER = /\s*\|\s*([A-Za-z]*)/y;

/**
 * Compiles `text {{ attribute | filter }} text`. `{{ trustDomain }}` becomes the trust domain's text.
 *
 * @returns the pieces, no two texts next to each other; or what is wrong and what to write.
 */
export function compileTemplate(
  template: string,
  trustDomain: TrustDomain,
): Result<readonly Piece[], string> {
  const pieces: Piece[] = [];
  let at = 0;
  while (at < template.length) {
    const open = template.indexOf(OPEN, at);
    const text = template.slice(at, open === -1 ? undefined : open);
    if (text.includes(CLOSE)) return err("a }} stands without its {{; write {{ attribute }}");
    pushText(pieces, text);
    if (open === -1) break;
    const placeholder = compilePlaceholder(template, open + OPEN.length);
    if (!placeholder.ok) return placeholder;
    if (placeholder.value.place === "trustDomain") pushText(pieces, trustDomain);
    else pieces.push(placeholder.value.place);
    at = placeholder.value.end;
  }
  return ok(pieces);
}

/** The text of one place: its value as a canonical string, filtered. Missing, empty and compound values are refused. */
export function renderPlace(place: Place, attributes: Attributes): Result<string, RenderProblem> {
  const value = attributeValue(attributes, place.attribute);
  const text = textOf(value);
  const { attribute } = place;
  if (!text.ok) return err({ attribute, reason: text.error });
  return ok(place.filters.reduce((filtered, filter) => FILTERS[filter].apply(filtered), text.value));
}

function textOf(value: JsonValue | undefined): Result<string, string> {
  if (value === undefined) return err("is missing");
  if (value === "") return err("is empty");
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return ok(String(value));
  if (typeof value !== "string") return err("is neither text nor an integer nor a boolean");
  return value.isWellFormed() ? ok(value) : err("is not well-formed Unicode");
}

function pushText(pieces: Piece[], text: string): void {
  const last = pieces.at(-1);
  if (text === "") return;
  if (last?.kind === "text") pieces[pieces.length - 1] = { kind: "text", text: last.text + text };
  else pieces.push({ kind: "text", text });
}

function compilePlaceholder(
  template: string,
  start: number,
): Result<{ place: Place | "trustDomain"; end: number }, string> {
  const name = skip(SPACE, template, start);
  if (/^trustDomain\s*\}\}/.test(template.slice(name, name + 60))) {
    return ok({ place: "trustDomain", end: template.indexOf(CLOSE, name) + CLOSE.length });
  }
  const scanned = scanAttribute(template, name);
  if (!scanned.ok) return err(`in a template, ${scanned.error}`);
  const { attribute, end } = scanned.value;
  const { filters, end: afterFilters } = scanFilters(template, end);
  const close = skip(SPACE, template, afterFilters);
  if (!template.startsWith(CLOSE, close)) {
    return err(
      `the placeholder of ${attribute.name} does not end; write {{ attribute }} or {{ attribute | filter }}`,
    );
  }
  const chain = checkChain(filters);
  return chain.ok
    ? ok({ place: { kind: "place", attribute, filters: chain.value }, end: close + CLOSE.length })
    : chain;
}

function scanFilters(template: string, start: number): { filters: string[]; end: number } {
  const filters: string[] = [];
  let end = start;
  FILTER.lastIndex = end;
  for (let match = FILTER.exec(template); match !== null; match = FILTER.exec(template)) {
    filters.push(match[1] ?? "");
    end = FILTER.lastIndex;
  }
  return { filters, end };
}

/** `lower` may come first; `path`, `enc` or `hash` may come last. Any other order would lose what `enc` and `hash` keep. */
function checkChain(names: readonly string[]): Result<readonly FilterName[], string> {
  const known = Object.keys(FILTERS);
  const unknown = names.find((name) => !isFilterName(name));
  if (unknown !== undefined) {
    return err(
      `${JSON.stringify(unknown)} is no filter${didYouMean(unknown, known)}; write ${known.join(", ")}`,
    );
  }
  const filters = names.filter(isFilterName);
  const last = filters[0] === "lower" ? filters.slice(1) : filters;
  if (last.length > 1 || last[0] === "lower") {
    return err(
      `the filters ${filters.join(" | ")} do not go together; write lower, then one of path, enc or hash`,
    );
  }
  return ok(filters);
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}
