import type { SubjectTokenSource } from "../../shared/client/exchange.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Failure } from "../outcome.ts";

/** A source of the job's ID token. */
export interface TokenOrigin {
  /** For messages: `the variable SVID_EXCHANGE_ID_TOKEN`, `GitHub's token service`. */
  readonly name: string;
  /** Whether `get` may return a new token each time. Otherwise no SVID can be renewed once the only token has expired. */
  readonly renewable: boolean;
  readonly get: SubjectTokenSource<Failure>;
}

/** There is no token, and a later attempt gives none either. */
export function final(failure: Result<never, Failure>): Result<never, FailedAttempt<Failure>> {
  return failedAttempt(failure, false);
}

/** There is no token now, but a later attempt may give one. */
export function temporary(failure: Result<never, Failure>): Result<never, FailedAttempt<Failure>> {
  return failedAttempt(failure, true);
}

function failedAttempt(
  failure: Result<never, Failure>,
  retryable: boolean,
): Result<never, FailedAttempt<Failure>> {
  return failure.ok ? failure : err({ failure: failure.error, retryable });
}
