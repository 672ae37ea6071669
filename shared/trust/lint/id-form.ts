import { literalsOf } from "../model/condition.ts";
import { FILTERS } from "../model/filter.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import { isPath, isPlaceholder, type Placeholder, type TemplatePart } from "../model/template.ts";

/** What the SPIFFE IDs of a policy look like, as far as its template and its conditions fix it. */
export type IdForm = readonly SegmentForm[];

/** A segment that is always one text, or the texts before and after what varies in it, or `ANY_SEGMENTS`. */
export type SegmentForm = string | VariedSegment | typeof ANY_SEGMENTS;

export interface VariedSegment {
  readonly start: string;
  readonly end: string;
  /** What varies is a decimal number. */
  readonly digits?: true;
}

/** One segment or several. No SPIFFE ID holds this text. */
export const ANY_SEGMENTS = "**";

/** What is known of the values of a policy's placeholders. */
export interface PlaceholderValues {
  /** The only value, before filters; `undefined` where there may be others. */
  readonly only: (placeholder: Placeholder) => string | undefined;
  readonly isNumber: (placeholder: Placeholder) => boolean;
}

export function idForm(policy: Policy): IdForm {
  return formBy(policy, { only: (placeholder) => onlyValue(placeholder, policy), isNumber: () => false });
}

export function formBy({ spiffeId }: Policy, values: PlaceholderValues): IdForm {
  return spiffeId.segments.flatMap((parts) => segmentForm(parts, values));
}

function segmentForm(parts: readonly TemplatePart[], values: PlaceholderValues): readonly SegmentForm[] {
  const texts = parts.map((part) => (part.kind === "text" ? part.text : onlyText(part, values)));
  if (texts.every((text) => text !== undefined)) return texts.join("").split("/");
  if (parts.some((part) => isPlaceholder(part) && isPath(part))) return [ANY_SEGMENTS];
  const [first, last] = [texts.indexOf(undefined), texts.lastIndexOf(undefined)];
  const ends = { start: texts.slice(0, first).join(""), end: texts.slice(last + 1).join("") };
  const varied = parts[first];
  const isNumber = first === last && varied?.kind === "placeholder" && values.isNumber(varied);
  return [isNumber ? { ...ends, digits: true } : ends];
}

/** What a placeholder always renders to, where it has one value only. */
function onlyText(placeholder: Placeholder, values: PlaceholderValues): string | undefined {
  const only = values.only(placeholder);
  return only === undefined
    ? undefined
    : placeholder.filters.reduce((text, filter) => FILTERS[filter].apply(text), only);
}

/** The value of a placeholder, where the policy takes one only. */
function onlyValue({ attribute }: Placeholder, policy: Policy): string | undefined {
  const condition = conditionOn(policy, attribute.name);
  const [only, ...others] = condition === undefined ? [] : (literalsOf(condition) ?? []);
  return others.length > 0 ? undefined : only;
}

/** A form as a person reads it: `…` stands for what varies. */
export function formText(form: IdForm): string {
  const texts = form.map((segment) => {
    if (segment === ANY_SEGMENTS) return "…";
    return typeof segment === "string" ? segment : `${segment.start}…${segment.end}`;
  });
  return texts.join("/");
}

/** Whether two forms may be of one SPIFFE ID. */
export function mayEqual(left: IdForm, right: IdForm): boolean {
  const [first, ...rest] = left;
  const [other, ...others] = right;
  if (first === undefined || other === undefined) return first === other;
  // One path value is one segment or more, and there is one at most on each side.
  if (first === ANY_SEGMENTS)
    return (
      others.some((_, index) => mayEqual(rest, others.slice(index))) ||
      mayEqual(rest, others) ||
      mayEqual(rest, [])
    );
  if (other === ANY_SEGMENTS) return mayEqual(right, left);
  return segmentsMayEqual(first, other) && mayEqual(rest, others);
}

export function segmentsMayEqual(left: string | VariedSegment, right: string | VariedSegment): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  if (typeof left === "string") return fits(left, right as VariedSegment);
  if (typeof right === "string") return fits(right, left);
  return edgesFit(left, right) || edgesFit(right, left);
}

/** Whether the fixed beginning and the fixed end of each may belong to what varies in the other. */
function edgesFit(left: VariedSegment, right: VariedSegment): boolean {
  return startsFit(left, right) && (endsFit(left, right) || endsFit(right, left));
}

function startsFit(longer: VariedSegment, { start, digits }: VariedSegment): boolean {
  return longer.start.startsWith(start) && (!digits || DIGITS.test(longer.start.slice(start.length)));
}

function endsFit(longer: VariedSegment, { end, digits }: VariedSegment): boolean {
  return longer.end.endsWith(end) && (!digits || DIGITS.test(longer.end.slice(0, -end.length || undefined)));
}

function fits(text: string, { start, end, digits }: VariedSegment): boolean {
  if (text.length <= start.length + end.length || !text.startsWith(start) || !text.endsWith(end))
    return false;
  return !digits || DIGITS.test(text.slice(start.length, text.length - end.length));
}

const DIGITS = /^[0-9]*$/;
