import { type JsonValue, sameJson } from "../../json.ts";
import type { Result } from "../../result.ts";

/** The outcome of a decision, as far as a test compares it. */
export type TestedOutcome<T> = Result<T, TestedRefusal>;

export interface TestedRefusal {
  readonly code: string;
  readonly detail: string;
}

/** What a failure calls the two sides of a decision. */
export interface DecisionWords {
  /** What a test without `denied` expects. */
  readonly wanted: string;
  readonly denies: string;
  readonly grants: string;
}

/** @returns what differs from what the test expects, a sentence each; none where the test passes. */
export function failuresOf<T>(
  denied: string | undefined,
  outcome: TestedOutcome<T>,
  { wanted, denies, grants }: DecisionWords,
  differences: (granted: T) => readonly string[],
): readonly string[] {
  if (outcome.ok) {
    return denied === undefined ? differences(outcome.value) : [`the test expects ${denied}, but ${grants}`];
  }
  const { code, detail } = outcome.error;
  return code === denied ? [] : [`the test expects ${denied ?? wanted}, but ${denies} ${code}: ${detail}`];
}

/** @returns a sentence where the two differ. `gets` is what the sentence says of the actual value. */
export function difference(
  what: string,
  expected: unknown,
  actual: unknown,
  gets: string,
): readonly string[] {
  if (sameJson(expected as JsonValue, actual as JsonValue)) return [];
  const got = actual === undefined ? "none" : JSON.stringify(actual);
  return [`the test expects ${what} ${JSON.stringify(expected)}, but ${gets} ${got}`];
}
