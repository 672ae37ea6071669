import { err, type Result } from "../result.ts";

/** Attempts that are repeated inside one deadline. The pauses are pure functions; clock, sleep and chance are handed in. */

/** The clock, sleep and chance of the process. */
export interface RetryPorts {
  /** The clock, in Unix milliseconds. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1), as `Math.random`. */
  readonly random: () => number;
}

/** One attempt that failed. */
export interface FailedAttempt<F> {
  readonly failure: F;
  /** Whether the same attempt may succeed later. */
  readonly retryable: boolean;
  /** The pause that the other side demands in `Retry-After`. */
  readonly retryAfterMs?: number;
}

/** A sequence of attempts of which none succeeded. */
export interface FailedAttempts<F> {
  /** Of the last attempt that says something. */
  readonly failure: F;
  readonly attempts: number;
  /** Whether another attempt might have succeeded, had there been time for it. */
  readonly outOfTime: boolean;
}

/** The first pause is at most this long: a second attempt soon after a dropped connection often succeeds. */
const FIRST_DELAY_MS = 250;
/** No pause without `Retry-After` is longer, so that a service that recovers is found within seconds. */
const MAX_DELAY_MS = 8_000;
/** With a deadline of an hour, a service that is down must not meet hundreds of requests of one job. */
const MAX_ATTEMPTS = 20;

/**
 * The pause before the next attempt: exponential, with "equal jitter" (half fixed, half random), so that jobs that
 * failed together do not come back together. `Retry-After` is a lower bound (RFC 9110 §10.2.3).
 *
 * @param attempt how many attempts have failed, from 1.
 * @returns milliseconds.
 */
export function delayMs(attempt: number, retryAfterMs: number, random: number): number {
  const ceiling = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  const own = ceiling / 2 + (ceiling / 2) * random;
  return Math.round(retryAfterMs > 0 ? retryAfterMs + (FIRST_DELAY_MS / 2) * random : own);
}

/**
 * Reads `Retry-After`: seconds or an HTTP date (RFC 9110 §10.2.3).
 *
 * @returns milliseconds from now, or `undefined` where the header is absent, malformed or in the past.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  const text = header?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}, .* GMT$/.test(text)) return undefined;
  const wait = Date.parse(text) - nowMs;
  return wait > 0 ? wait : undefined;
}

/** What a response without success says about the next attempt: 429 and 5xx may pass (RFC 6585 §4, RFC 9110 §15.6). */
export function nextAttempt(
  { status, headers }: { readonly status: number; readonly headers: { get(name: string): string | null } },
  nowMs: number,
): Omit<FailedAttempt<never>, "failure"> {
  const retryAfterMs = parseRetryAfter(headers.get("retry-after"), nowMs);
  const retryable = status === 429 || status >= 500;
  return { retryable, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

/** A timer may end this much before the clock says so. */
const TIMER_SLACK_MS = 20;

/**
 * Repeats an attempt until it succeeds, until its failure is final, or until the next pause would cross the deadline: a
 * pause that cannot end in time is not begun. An attempt that the deadline itself cut off says nothing of its own, so
 * that the failure before it counts.
 *
 * @param attempt gets the milliseconds that are left.
 */
export async function withRetry<T, F>(
  attempt: (remainingMs: number) => Promise<Result<T, FailedAttempt<F>>>,
  timeoutMs: number,
  ports: RetryPorts,
): Promise<Result<T, FailedAttempts<F>>> {
  const deadline = ports.nowMs() + timeoutMs;
  let earlier: F | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt(deadline - ports.nowMs());
    if (outcome.ok) return outcome;
    const { failure, retryable, retryAfterMs = 0 } = outcome.error;
    if (!retryable) return err({ failure, attempts, outOfTime: false });
    const left = deadline - ports.nowMs();
    if (left <= TIMER_SLACK_MS) return err({ failure: earlier ?? failure, attempts, outOfTime: true });
    const pause = delayMs(attempts, retryAfterMs, ports.random());
    if (attempts === MAX_ATTEMPTS || pause >= left) return err({ failure, attempts, outOfTime: true });
    await ports.sleep(pause);
    earlier = failure;
  }
}
