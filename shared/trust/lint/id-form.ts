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
}

/** One segment or several. No SPIFFE ID holds this text. */
export const ANY_SEGMENTS = "**";

export function idForm(policy: Policy): IdForm {
  return policy.spiffeId.segments.flatMap((parts) => segmentForm(parts, policy));
}

function segmentForm(parts: readonly TemplatePart[], policy: Policy): readonly SegmentForm[] {
  const texts = parts.map((part) => (part.kind === "text" ? part.text : onlyText(part, policy)));
  if (texts.every((text) => text !== undefined)) return texts.join("").split("/");
  if (parts.some((part) => isPlaceholder(part) && isPath(part))) return [ANY_SEGMENTS];
  const end = texts.slice(texts.lastIndexOf(undefined) + 1).join("");
  return [{ start: texts.slice(0, texts.indexOf(undefined)).join(""), end }];
}

/** What a placeholder always renders to, where the policy takes one value only. */
function onlyText({ attribute, filters }: Placeholder, policy: Policy): string | undefined {
  const condition = conditionOn(policy, attribute.name);
  const [only, ...others] = condition === undefined ? [] : (literalsOf(condition) ?? []);
  if (only === undefined || others.length > 0) return undefined;
  return filters.reduce((text, filter) => FILTERS[filter].apply(text), only);
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
  const startsFit = left.start.startsWith(right.start) || right.start.startsWith(left.start);
  return startsFit && (left.end.endsWith(right.end) || right.end.endsWith(left.end));
}

function fits(text: string, { start, end }: VariedSegment): boolean {
  return text.length > start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
