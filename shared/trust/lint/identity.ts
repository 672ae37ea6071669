import { groupBy } from "../../group-by.ts";
import type { Policy } from "../compile/policy.ts";
import { isPath } from "../compile/spiffe-id-template.ts";
import type { Piece, Place } from "../compile/template.ts";
import type { TrustConfig } from "../compile/trust.ts";
import { literalsOf } from "../model/condition.ts";
import { FILTERS } from "../model/filter.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { knownClaim } from "../model/known-claims.ts";
import type { Problem } from "../model/problem.ts";
import { conditionOn, note, policiesOf, policyPath, type Subject, warning } from "./finding.ts";

/** What an identity may not exceed, the most generous first. */
const LIMITS = [
  { bytes: 2_048, who: "the SPIFFE standard, so nothing is granted then" },
  { bytes: 255, who: "OpenID Connect's sub, and AWS" },
  { bytes: 127, who: "google.subject of Google Cloud, unless it is mapped to something shorter" },
] as const;

/** Longer than any limit. */
const UNBOUNDED = 10_000;

export function longSpiffeId({ policy, issuer }: Subject): readonly Problem[] {
  const longest = longestId(policy, issuer);
  const limit = LIMITS.find(({ bytes }) => longest > bytes);
  if (limit === undefined) return [];
  const size = longest >= UNBOUNDED ? "any length" : `${longest} bytes`;
  const report = limit.bytes === 2_048 ? warning : note;
  return [
    report(
      policyPath(policy, "spiffeId"),
      "long-spiffe-id",
      `this ID can have ${size}; ${limit.bytes} is the most for ${limit.who}; use ids instead of names, or | hash`,
    ),
  ];
}

function longestId(policy: Policy, issuer: AllowedIssuer): number {
  const { trustDomain, segments } = policy.spiffeId;
  const lengths = segments.map((pieces) =>
    pieces.reduce((sum, piece) => sum + longestPiece(piece, policy, issuer), 0),
  );
  return lengths.reduce((sum, length) => sum + 1 + length, `spiffe://${trustDomain}`.length);
}

function longestPiece(piece: Piece, policy: Policy, issuer: AllowedIssuer): number {
  if (piece.kind === "text") return piece.text.length;
  const last = piece.filters.at(-1);
  const filter = last === undefined ? undefined : FILTERS[last];
  if (filter !== undefined && "fixedLength" in filter) return filter.fixedLength;
  return longestValue(piece, policy, issuer) * (filter?.growth ?? 1);
}

function longestValue({ attribute }: Place, policy: Policy, issuer: AllowedIssuer): number {
  const condition = conditionOn(policy, attribute.name);
  const literals = condition === undefined ? undefined : literalsOf(condition);
  if (literals !== undefined) return Math.max(...Array.from(literals, (value) => value.length));
  const claim = attribute.kind === "claim" && attribute.path.length === 1 ? attribute.path[0] : undefined;
  if (claim === undefined) return attribute.kind === "derived" ? 512 : UNBOUNDED;
  const known = knownClaim(issuer.type, claim);
  return typeof known === "object" ? known.longest : UNBOUNDED;
}

/** Pairs of templates that are compared, and findings that are shown, at most. */
const MAX_PAIRS = 200_000;
const MAX_FOUND = 20;

/** Identities that policies of two issuers can both grant: ids are unique per issuer only. */
export function sharedIdentities(config: TrustConfig): readonly Problem[] {
  const forms = groupBy(distinctForms(policiesOf(config)), ({ policy }) => policy.issuer);
  const byIssuer = [...forms.values()];
  const found: Problem[] = [];
  let pairs = 0;
  for (const [index, own] of byIssuer.entries()) {
    const others = byFirstSegment(byIssuer.slice(index + 1).flat());
    for (const { policy, form } of own) {
      for (const other of others(form[0])) {
        if (++pairs > MAX_PAIRS || found.length === MAX_FOUND) return found;
        if (mayEqual(form, other.form)) found.push(sharedIdentity(policy, other.policy));
      }
    }
  }
  return found;
}

function sharedIdentity(policy: Policy, other: Policy): Problem {
  const message = `${policy.name} of ${policy.issuer} can grant the same SPIFFE ID; put the issuer into the path, such as /${other.issuer}/`;
  return warning(policyPath(other, "spiffeId"), "shared-identity", message);
}

interface Form {
  readonly policy: Policy;
  readonly form: readonly Segment[];
}

/** Finds the forms whose first segment may equal another: most documents have a fixed word there. */
function byFirstSegment(forms: readonly Form[]): (first: Segment | undefined) => readonly Form[] {
  const isWord = (segment: Segment | undefined) => typeof segment === "string" && segment !== ANY_SEGMENTS;
  const words = groupBy(
    forms.filter(({ form }) => isWord(form[0])),
    ({ form }) => form[0],
  );
  const varied = forms.filter(({ form }) => !isWord(form[0]));
  return (first) => (isWord(first) ? [...(words.get(first) ?? []), ...varied] : forms);
}

/** A segment as the texts before and after what varies in it, or as one text; `"any"` is one segment or several. */
type Segment = { readonly start: string; readonly end: string } | string | "**";
const ANY_SEGMENTS = "**";

function distinctForms(policies: readonly Policy[]): readonly Form[] {
  const forms = new Map<string, Form>();
  for (const policy of policies) {
    const form = policy.spiffeId.segments.flatMap((pieces) => segmentForm(pieces, policy));
    const key = JSON.stringify([policy.issuer, form]);
    if (!forms.has(key)) forms.set(key, { policy, form });
  }
  return [...forms.values()];
}

function segmentForm(pieces: readonly Piece[], policy: Policy): readonly Segment[] {
  const texts = pieces.map((piece) => (piece.kind === "text" ? piece.text : onlyText(piece, policy)));
  if (texts.every((text) => text !== undefined)) return texts.join("").split("/");
  if (pieces.some((piece) => piece.kind === "place" && isPath(piece))) return [ANY_SEGMENTS];
  const end = texts.slice(texts.lastIndexOf(undefined) + 1).join("");
  return [{ start: texts.slice(0, texts.indexOf(undefined)).join(""), end }];
}

/** What a place always renders to, where the policy takes one value only. */
function onlyText({ attribute, filters }: Place, policy: Policy): string | undefined {
  const condition = conditionOn(policy, attribute.name);
  const [only, ...others] = condition === undefined ? [] : (literalsOf(condition) ?? []);
  if (only === undefined || others.length > 0) return undefined;
  return filters.reduce((text, filter) => FILTERS[filter].apply(text), only);
}

function mayEqual(left: readonly Segment[], right: readonly Segment[]): boolean {
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

function segmentsMayEqual(left: Segment, right: Segment): boolean {
  if (typeof left === "string" && typeof right === "string") return left === right;
  if (typeof left === "string") return fits(left, right as Exclude<Segment, string>);
  if (typeof right === "string") return fits(right, left);
  const startsFit = left.start.startsWith(right.start) || right.start.startsWith(left.start);
  return startsFit && (left.end.endsWith(right.end) || right.end.endsWith(left.end));
}

function fits(text: string, { start, end }: Exclude<Segment, string>): boolean {
  return text.length > start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
