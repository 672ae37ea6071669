import type { Matcher } from "../model/condition.ts";

/** One condition as it met a token, with what the document wants: for the maintainer, never for a caller. */
export interface ConditionExplanation {
  readonly attribute: string;
  readonly expected: string;
  /** The token's value, or null where it has none. */
  readonly value: string | null;
  readonly holds: boolean;
}

/** What a matcher takes: at most five of its values, the exact ones first. */
export function describeMatcher(matcher: Matcher): string {
  if (matcher.kind === "exists") return matcher.expected ? "any value" : "no value";
  const values = [...matcher.literals, ...matcher.globs.map((glob) => `glob ${glob.pattern}`)];
  const shown = values.slice(0, 5).join(" or ") + (values.length > 5 ? ` or ${values.length - 5} more` : "");
  return matcher.kind === "any-of" ? shown : `not ${shown}`;
}
