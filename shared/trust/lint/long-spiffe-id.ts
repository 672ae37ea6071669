import { literalsOf } from "../model/condition.ts";
import { FILTERS, type Filter } from "../model/filter.ts";
import { conditionOn } from "../model/policy.ts";
import type { Placeholder, TemplatePart } from "../model/template.ts";
import { claimOf } from "./claim.ts";
import { note, policyPath, type Subject, warning } from "./finding.ts";

/** What an identity may not exceed, the most generous first. */
const LIMITS = [
  { bytes: 2_048, who: "the SPIFFE standard allows" },
  { bytes: 255, who: "OpenID Connect and AWS take" },
  { bytes: 127, who: "google.subject of Google Cloud takes" },
] as const;

/** Longer than any limit. */
const UNBOUNDED = 10_000;
/** A guess: derived attributes are parts of claims of up to 1,024 bytes. */
const LONGEST_DERIVED = 512;

export function longSpiffeId(subject: Subject) {
  const longest = longestId(subject);
  const limit = LIMITS.find(({ bytes }) => longest > bytes);
  if (limit === undefined) return [];
  const size = longest >= UNBOUNDED ? "of any length" : `${longest} bytes long`;
  const report = limit.bytes === 2_048 ? warning : note;
  const message = `this SPIFFE ID can be ${size}, but ${limit.who} at most ${limit.bytes} bytes; use ids instead of names, or | hash`;
  return [report(policyPath(subject.policy, "spiffeId"), "long-spiffe-id", message)];
}

function longestId(subject: Subject): number {
  const { trustDomain, segments } = subject.policy.spiffeId;
  const lengths = segments.map((parts) => parts.reduce((sum, part) => sum + longestPart(part, subject), 0));
  return lengths.reduce((sum, length) => sum + 1 + length, `spiffe://${trustDomain}`.length);
}

function longestPart(part: TemplatePart, subject: Subject): number {
  if (part.kind === "text") return part.text.length;
  const last = part.filters.at(-1);
  const filter: Filter | undefined = last === undefined ? undefined : FILTERS[last];
  return filter?.fixedLength ?? longestValue(part, subject) * (filter?.growth ?? 1);
}

function longestValue({ attribute }: Placeholder, { policy, issuer }: Subject): number {
  const condition = conditionOn(policy, attribute.name);
  const literals = condition === undefined ? undefined : literalsOf(condition);
  if (literals !== undefined) return Math.max(...Array.from(literals, (value) => value.length));
  const claim = claimOf(attribute, issuer);
  if (claim === undefined) return LONGEST_DERIVED;
  return typeof claim.known === "object" && !claim.nested ? claim.known.longest : UNBOUNDED;
}
