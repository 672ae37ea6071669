/** What came of one check with one party. */
export interface Outcome {
  readonly party: string;
  readonly check: string;
  readonly result: "holds" | "not offered" | "fails";
  /** What happened instead. */
  readonly detail?: string;
}

/** A party that could not be driven here. */
export interface Skipped {
  readonly party: string;
  readonly why: string;
}

/** What one group of parties adds to the run, and to its page. */
export interface Findings {
  readonly title: string;
  /** The parties that were driven, with their versions. */
  readonly driven: readonly { readonly name: string; readonly version: string }[];
  readonly skipped: readonly Skipped[];
  readonly outcomes: readonly Outcome[];
  /** Sentences about what was measured. */
  readonly notes: readonly string[];
}

/** @param run throws where something else happens than what was expected. */
export async function outcomeOf(
  party: string,
  check: string,
  run: () => Promise<"holds" | "not offered">,
): Promise<Outcome> {
  try {
    return { party, check, result: await run() };
  } catch (error) {
    return { party, check, result: "fails", detail: error instanceof Error ? error.message : String(error) };
  }
}
