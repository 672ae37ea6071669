import type { Check } from "../shared/denial.ts";
import type { JsonObject } from "../shared/json.ts";
import type { Inputs } from "./inputs.ts";
import type { Job } from "./job.ts";

/** What is known about the job when it fails. */
export interface Facts {
  readonly job: Job;
  /** Absent where the inputs themselves are the problem. */
  readonly inputs?: Inputs;
  /** The claims of the job's own ID token, unverified, for display. */
  readonly claims?: JsonObject | undefined;
}

/** What happened, and what to change. */
export interface Advice {
  /** Stable; a section of the documentation has this name. */
  readonly code: string;
  /** One line. */
  readonly title: string;
  readonly text: readonly string[];
  /** Lines to put into the workflow. */
  readonly yaml?: readonly string[];
}

/** What the job is told. */
export interface Explanation extends Advice {
  /** The page and section that says more: `reference/errors.md#policy_denied`. */
  readonly page: string;
  /** The conditions that a refusal of the exchange names. */
  readonly checks: readonly Check[];
}

/** The conditions that the job did not meet, a line each. */
export function failedChecks({ checks }: Explanation): readonly string[] {
  return checks.filter(({ pass }) => !pass).map(failedCheck);
}

function failedCheck({ policy, attribute, value }: Check): string {
  return `- policy ${policy}: ${attribute} ${value === null ? "is absent" : `is ${JSON.stringify(value)}`}`;
}
