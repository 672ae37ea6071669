import { err, type Result } from "../result.ts";
import { exchangeForm, type Minted, type Plan } from "../wire.ts";
import { type ExchangeUrl, tokenEndpoint } from "./exchange-url.ts";
import { attemptSignal, type HttpPorts } from "./fetch.ts";
import { mayRecover, type NetworkError, networkError } from "./network.ts";
import { parseMinted, parsePlan, type ResponseFailure } from "./response.ts";
import { type FailedAttempt, type FailedAttempts, type RetryPorts, withRetry } from "./retry.ts";
import { processTokenResponse, type Redirected, tokenRequest } from "./token-request.ts";

/**
 * The client of `POST /token`: a fresh subject token for each attempt; network errors, 429 and 5xx are tried again
 * inside one deadline; any other refusal is final; redirects are not followed.
 */

/**
 * Gives the subject token of one attempt. A source that cannot renew its token gives the same one again; one that has
 * none says whether another attempt may help.
 */
export type SubjectTokenSource<F> = (signal: AbortSignal) => Promise<Result<string, FailedAttempt<F>>>;

export interface ExchangeOptions<F> {
  readonly exchangeUrl: ExchangeUrl;
  readonly subjectToken: SubjectTokenSource<F>;
  readonly audience?: string;
  readonly policy?: string;
  /** For everything together: subject tokens, attempts and pauses. */
  readonly timeoutMs: number;
}

export type ClientPorts = HttpPorts & RetryPorts;

/** Why one attempt did not succeed. */
export type AttemptFailure<F> =
  | ResponseFailure
  | Redirected
  | ({ readonly code: "unreachable" } & NetworkError)
  | { readonly code: "no_subject_token"; readonly failure: F };

/** Why the whole did not succeed. */
export type ClientFailure<F> =
  | AttemptFailure<F>
  /** Each attempt failed in a way that may pass, and the time is over. */
  | { readonly code: "deadline_exceeded"; readonly attempts: number; readonly last: AttemptFailure<F> };

/** Exchanges a subject token for a JWT-SVID. */
export function exchange<F>(
  options: ExchangeOptions<F>,
  ports: ClientPorts,
): Promise<Result<Minted, ClientFailure<F>>> {
  return request(options, { dryRun: false, parse: parseMinted }, ports);
}

/** Asks what an exchange would mint. Nothing is signed, and the subject token is not used up. */
export function plan<F>(
  options: ExchangeOptions<F>,
  ports: ClientPorts,
): Promise<Result<Plan, ClientFailure<F>>> {
  return request(options, { dryRun: true, parse: parsePlan }, ports);
}

/** The failure that stands behind a deadline, or the failure itself: what to explain to whoever asked. */
export function rootFailure<F>(failure: ClientFailure<F>): AttemptFailure<F> {
  return failure.code === "deadline_exceeded" ? failure.last : failure;
}

/** What tells an exchange from a dry run: the flag in the form, and the success in the response. */
interface Kind<T> {
  readonly dryRun: boolean;
  readonly parse: (status: number, body: unknown) => Result<T, ResponseFailure>;
}

async function request<T, F>(
  options: ExchangeOptions<F>,
  kind: Kind<T>,
  ports: ClientPorts,
): Promise<Result<T, ClientFailure<F>>> {
  const outcome = await withRetry((left) => attempt(options, kind, ports, left), options.timeoutMs, ports);
  return outcome.ok ? outcome : err(withDeadline(outcome.error));
}

function withDeadline<F>({
  failure,
  attempts,
  outOfTime,
}: FailedAttempts<AttemptFailure<F>>): ClientFailure<F> {
  return outOfTime ? { code: "deadline_exceeded", attempts, last: failure } : failure;
}

async function attempt<T, F>(
  options: ExchangeOptions<F>,
  kind: Kind<T>,
  ports: ClientPorts,
  leftMs: number,
): Promise<Result<T, FailedAttempt<AttemptFailure<F>>>> {
  const deadlineMs = ports.nowMs() + leftMs;
  const token = await options.subjectToken(attemptSignal(leftMs, ports));
  if (!token.ok) {
    const { failure, ...rest } = token.error;
    return err({ ...rest, failure: { code: "no_subject_token", failure } });
  }
  const signal = attemptSignal(deadlineMs - ports.nowMs(), ports);
  const form = exchangeForm({ ...options, subjectToken: token.value, dryRun: kind.dryRun });
  try {
    const url = tokenEndpoint(options.exchangeUrl);
    const response = await ports.fetch(url, tokenRequest(form, signal));
    return await processTokenResponse(response, kind.parse, ports.nowMs());
  } catch (thrown) {
    const error = networkError(thrown, signal);
    return err({ retryable: mayRecover(error.cause), failure: { code: "unreachable", ...error } });
  }
}
