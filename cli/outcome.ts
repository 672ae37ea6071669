import type { JsonValue } from "../shared/json.ts";
import { err, type Result } from "../shared/result.ts";

/** What came of a command. */
export type Outcome = Result<Report, Failure>;

/** The result of a command that did its work. */
export interface Report {
  /** The document that `--json` prints; `null` where the command has none, and then the text is printed. */
  readonly json: JsonValue;
  /** The text that is printed otherwise, byte for byte: a shell may read it as `$(…)`. */
  readonly text: string;
  /** 0 or 1; another code only where it is the code of the command that `run` ran. */
  readonly exit: number;
  /** The signal that ended the command that `run` ran: the CLI ends itself by the same signal. */
  readonly signal?: NodeJS.Signals;
}

/** 1: the command was refused, or it failed. 2: the command line is wrong. */
export type FailureExit = 1 | 2;

/** Why a command did not do its work. */
export interface Failure {
  readonly exit: FailureExit;
  /** A denial code of the exchange, or a code of docs/reference/cli.md. Codes are stable: scripts compare them. */
  readonly code: string;
  /** What happened, and to which value: one sentence. */
  readonly message: string;
  /** What the user does next, line by line; lines that start with spaces are an example to copy. */
  readonly next: readonly string[];
  /** Lines between the message and `next`: conditions that did not hold, or the output of another program. */
  readonly details?: readonly string[];
}

/** A failure with exit code 1. */
export function failed(
  code: string,
  message: string,
  next: string | readonly string[],
  details: readonly string[] = [],
): Result<never, Failure> {
  return err({ exit: 1, code, message, next: typeof next === "string" ? [next] : next, details });
}

/** A usage error: exit code 2 and the code `usage`. */
export function misused(message: string, next: string | readonly string[]): Result<never, Failure> {
  return err({ exit: 2, code: "usage", message, next: typeof next === "string" ? [next] : next });
}
