import type { SubjectTokenSource } from "../../shared/client/exchange.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Failure } from "../outcome.ts";

/** Where the job's ID token comes from. */
export interface TokenOrigin {
  /** As it stands in a sentence: "the token comes from …". */
  readonly name: string;
  /** Whether each call gives a new token. If not, the one token ends, and with it every renewal. */
  readonly renewable: boolean;
  readonly get: SubjectTokenSource<Failure>;
}

/** A token that will not come by asking again. */
export function final(failure: Result<never, Failure>): Result<never, FailedAttempt<Failure>> {
  return failedAttempt(failure, false);
}

/** A token that may come by asking again. */
export function passing(failure: Result<never, Failure>): Result<never, FailedAttempt<Failure>> {
  return failedAttempt(failure, true);
}

function failedAttempt(
  failure: Result<never, Failure>,
  retryable: boolean,
): Result<never, FailedAttempt<Failure>> {
  return failure.ok ? failure : err({ failure: failure.error, retryable });
}
