import type { JsonValue } from "../shared/json.ts";
import { err, type Result } from "../shared/result.ts";

/** 1: refused, failed, or found wrong. 2: the command line is wrong. */
export type FailureExit = 1 | 2;

/** What a command that did its work has to say. */
export interface Report {
  /** For `--json`: one document on standard output. */
  readonly json: JsonValue;
  /** For people and for `$(…)`; written exactly as it is. */
  readonly text: string;
  /** The exit code; other than 0 and 1 only where another process's code passes through. */
  readonly exit: number;
  /** The signal that ended the command that was run; passed on in place of the exit code. */
  readonly signal?: NodeJS.Signals;
}

/** Why a command did not do its work. */
export interface Failure {
  readonly exit: FailureExit;
  /** Stable, for scripts: a denial code of the exchange, or one of the command's own. */
  readonly code: string;
  /** What happened, and to which value. */
  readonly message: string;
  /** What to do next, line by line; may hold an example to copy. */
  readonly next: readonly string[];
  /** More lines between the two: the conditions that did not hold, what another program printed. */
  readonly details?: readonly string[];
  /** True where nothing was refused: the same attempt may succeed later. */
  readonly transient?: boolean;
}

export type Outcome = Result<Report, Failure>;

export function failed(
  code: string,
  message: string,
  next: string | readonly string[],
  details: readonly string[] = [],
): Result<never, Failure> {
  return err({ exit: 1, code, message, next: typeof next === "string" ? [next] : next, details });
}

export function misused(message: string, next: string | readonly string[]): Result<never, Failure> {
  return err({ exit: 2, code: "usage", message, next: typeof next === "string" ? [next] : next });
}
