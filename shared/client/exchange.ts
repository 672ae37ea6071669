import { err, ok, type Result } from "../result.ts";
import type { ExchangeRefusal, ExchangeRequest, ExchangeSuccess } from "../wire.ts";
import { exchangeForm, parseExchangeAnswer } from "../wire.ts";
import type { ExchangeUrl } from "./exchange-url.ts";
import { tokenEndpoint } from "./exchange-url.ts";
import { type Answer, type Ask, type Fetch, parseJson, readText } from "./fetch.ts";
import { mayRecover, type NetworkError, networkError } from "./network.ts";
import { type GaveUp, parseRetryAfter, type RetryPorts, type Setback, withRetry } from "./retry.ts";

/**
 * The client of `POST /token`: a fresh subject token for each try, network errors, 429 and 5xx tried again with
 * jitter inside one deadline, any other refusal final, redirects not followed.
 */

/**
 * Gives the subject token of one try. A source that cannot renew its token gives the same one again; one that
 * has none says whether asking again may help.
 */
export type SubjectTokenSource<F> = (signal: AbortSignal) => Promise<Result<string, Setback<F>>>;

export interface ExchangeOptions<F> extends Omit<ExchangeRequest, "subjectToken"> {
  readonly exchangeUrl: ExchangeUrl;
  readonly subjectToken: SubjectTokenSource<F>;
  /** For everything together: tokens, tries and pauses. */
  readonly timeoutMs: number;
  readonly userAgent: string;
}

export interface ClientPorts extends RetryPorts {
  readonly fetch: Fetch;
}

/** Why one try gave no SVID. */
export type AttemptFailure<F> =
  /** The exchange answered, and said no. */
  | { readonly code: "refused"; readonly refusal: ExchangeRefusal }
  /** Something answered that does not speak RFC 8693. */
  | { readonly code: "not_an_exchange"; readonly status: number }
  /** `location` has no query: it may be shown. */
  | { readonly code: "redirected"; readonly status: number; readonly location?: string }
  | ({ readonly code: "unreachable" } & NetworkError)
  | { readonly code: "no_subject_token"; readonly failure: F };

/** Why there is no SVID. */
export type ClientFailure<F> =
  | AttemptFailure<F>
  /** Every try failed in a way that may pass, and the time is over. */
  | { readonly code: "deadline_exceeded"; readonly attempts: number; readonly last: AttemptFailure<F> };

/** One try of one request may hang for this long before the next begins. */
const ATTEMPT_TIMEOUT_MS = 10_000;
/** An answer holds one JWT, or a refusal's few checks; 64 KiB is many times either. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Exchanges a subject token for a JWT-SVID, trying again inside `timeoutMs` where that may help. */
export async function exchange<F>(
  options: ExchangeOptions<F>,
  ports: ClientPorts,
): Promise<Result<ExchangeSuccess, ClientFailure<F>>> {
  const outcome = await withRetry((left) => attempt(options, ports, left), options.timeoutMs, ports);
  return outcome.ok ? outcome : err(ending(outcome.error));
}

/** The failure that stands behind a deadline, or the failure itself: what to explain to whoever asked. */
export function rootFailure<F>(failure: ClientFailure<F>): AttemptFailure<F> {
  return failure.code === "deadline_exceeded" ? failure.last : failure;
}

function ending<F>({ failure, attempts, ranOut }: GaveUp<AttemptFailure<F>>): ClientFailure<F> {
  return ranOut ? { code: "deadline_exceeded", attempts, last: failure } : failure;
}

type Attempted<F> = Result<ExchangeSuccess, Setback<AttemptFailure<F>>>;

async function attempt<F>(
  options: ExchangeOptions<F>,
  ports: ClientPorts,
  leftMs: number,
): Promise<Attempted<F>> {
  const deadlineMs = ports.nowMs() + leftMs;
  const token = await options.subjectToken(limit(leftMs));
  if (!token.ok) {
    const { failure, ...rest } = token.error;
    return err({ ...rest, failure: { code: "no_subject_token", failure } });
  }
  const signal = limit(deadlineMs - ports.nowMs());
  try {
    const ask = exchangeAsk({ ...options, subjectToken: token.value }, options.userAgent, signal);
    const answer = await ports.fetch(tokenEndpoint(options.exchangeUrl), ask);
    const outcome = await processAnswer(answer, ports.nowMs());
    const empty = outcome.ok && outcome.value.svid === undefined && options.dryRun !== true;
    return empty ? err(UNASKED_DRY_RUN) : outcome;
  } catch (thrown) {
    const error = networkError(thrown, signal);
    return err({ retryable: mayRecover(error.cause), failure: { code: "unreachable", ...error } });
  }
}

/** A plan, where an SVID was asked for: success without a credential would be found out much later. */
const UNASKED_DRY_RUN: Setback<AttemptFailure<never>> = {
  retryable: false,
  failure: { code: "not_an_exchange", status: 200 },
};

/** Covers one request, headers and body. */
export function limit(leftMs: number): AbortSignal {
  return AbortSignal.timeout(Math.max(1, Math.min(ATTEMPT_TIMEOUT_MS, leftMs)));
}

/** The request, as RFC 8693 §2.1 writes it. */
export function exchangeAsk(request: ExchangeRequest, userAgent: string, signal: AbortSignal): Ask {
  return {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "user-agent": userAgent,
    },
    body: exchangeForm(request).toString(),
    redirect: "manual",
    signal,
  };
}

/** Judges one answer; throws what reading its body throws. */
export async function processAnswer(
  answer: Answer,
  nowMs: number,
): Promise<Result<ExchangeSuccess, Setback<AttemptFailure<never>>>> {
  const text = await readText(answer, MAX_ANSWER_BYTES);
  if (answer.status >= 300 && answer.status < 400) return err(redirected(answer));
  const parsed = parseExchangeAnswer(answer.status, parseJson(text));
  if (parsed.ok) return ok(parsed.value);
  const retryAfterMs = parseRetryAfter(answer.headers.get("retry-after"), nowMs);
  return err({
    failure: judged(parsed.error),
    retryable: answer.status === 429 || answer.status >= 500,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function judged(refusal: ExchangeRefusal): AttemptFailure<never> {
  return refusal.error === "not_an_exchange"
    ? { code: "not_an_exchange", status: refusal.status }
    : { code: "refused", refusal };
}

function redirected(answer: Answer): Setback<AttemptFailure<never>> {
  const location = answer.headers.get("location") ?? "";
  const url = URL.canParse(location) ? new URL(location) : undefined;
  return {
    retryable: false,
    failure: {
      code: "redirected",
      status: answer.status,
      ...(url === undefined ? {} : { location: `${url.origin}${url.pathname}` }),
    },
  };
}
