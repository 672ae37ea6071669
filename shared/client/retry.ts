import type { Result } from "../result.ts";
import { err } from "../result.ts";

/**
 * Trying again inside one deadline. The delays are pure functions; clock, sleep and chance are handed in.
 */

/** The clock, sleep and chance of the process. */
export interface RetryPorts {
  /** The clock, in Unix milliseconds. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Uniform in [0, 1), as `Math.random`. */
  readonly random: () => number;
}

/** One try that failed. */
export interface Setback<F> {
  readonly failure: F;
  /** Whether the same try may succeed later. */
  readonly retryable: boolean;
  /** What the other side asked for in `Retry-After`. */
  readonly retryAfterMs?: number;
}

/** How it ended: the last failure, how many tries there were, and whether only the deadline stopped them. */
export interface GaveUp<F> {
  readonly failure: F;
  readonly attempts: number;
  readonly ranOut: boolean;
}

/** The first pause is at most this long: a dropped connection is worth an immediate second try. */
const FIRST_DELAY_MS = 250;
/** No pause of our own is longer: a service that recovers is found within seconds. */
const MAX_DELAY_MS = 8_000;
/** A deadline of many minutes must not become a hammer. */
const MAX_ATTEMPTS = 20;

/**
 * The pause before the next try: exponential, with "equal jitter" (half fixed, half random), so that jobs that
 * failed together do not come back together. `Retry-After` is a lower bound (RFC 9110 §10.2.3).
 *
 * @param attempt how many tries have failed, from 1.
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

/** A timer may end this much before the clock says so. */
const TIMER_SLACK_MS = 20;

/**
 * Tries until success, a failure that is final, or a deadline that the next pause would cross: a wait that cannot
 * end in time is not begun. A try that the deadline itself cut off says nothing of its own: the one before it counts.
 *
 * @param attempt gets the milliseconds that are left.
 */
export async function withRetry<T, F>(
  attempt: (remainingMs: number) => Promise<Result<T, Setback<F>>>,
  timeoutMs: number,
  ports: RetryPorts,
): Promise<Result<T, GaveUp<F>>> {
  const deadline = ports.nowMs() + timeoutMs;
  let earlier: F | undefined;
  for (let attempts = 1; ; attempts += 1) {
    const outcome = await attempt(deadline - ports.nowMs());
    if (outcome.ok) return outcome;
    const { failure, retryable, retryAfterMs = 0 } = outcome.error;
    if (!retryable) return err({ failure, attempts, ranOut: false });
    const left = deadline - ports.nowMs();
    if (left <= TIMER_SLACK_MS) return err({ failure: earlier ?? failure, attempts, ranOut: true });
    const pause = delayMs(attempts, retryAfterMs, ports.random());
    if (attempts === MAX_ATTEMPTS || pause >= left) return err({ failure, attempts, ranOut: true });
    await ports.sleep(pause);
    earlier = failure;
  }
}
