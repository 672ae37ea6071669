import type { Times } from "../client/get-svid.ts";

/** When an SVID is renewed, and when it is let go: pure functions of its times. All are milliseconds. */

/** The shortest pause between two attempts. */
export const SHORTEST_PAUSE_MS = 1_000;
/** The longest pause between two attempts while the exchange is down. */
export const LONGEST_RETRY_MS = 30_000;
/** An SVID is let go this long before it expires, so that no reader gets one that expires on its way. */
export const EXPIRY_MARGIN_MS = 1_000;

/**
 * Half of the lifetime where each exchange has a new ID token. The only token of a job may be accepted once for each
 * audience, so its SVID is held until just before the end.
 */
export function renewAtMs({ sentAtMs, expiresAtMs }: Times, renewable: boolean): number {
  const lifetimeMs = expiresAtMs - sentAtMs;
  const headMs = renewable ? lifetimeMs / 2 : Math.min(lifetimeMs / 10, LONGEST_RETRY_MS);
  return expiresAtMs - Math.max(headMs, EXPIRY_MARGIN_MS);
}

/** What is left of an SVID that a reader may still get; 0 and below: nothing. */
export function leftMs({ expiresAtMs }: Times, nowMs: number): number {
  return expiresAtMs - EXPIRY_MARGIN_MS - nowMs;
}

/** After a failure: half of what is left of the SVID, again and again, and every 30 seconds once nothing is left. */
export function retryAfterMs(left: number): number {
  return left > 0 ? Math.max(Math.min(left / 2, LONGEST_RETRY_MS), SHORTEST_PAUSE_MS) : LONGEST_RETRY_MS;
}

/** How long the same question gets the same refusal: it doubles from a second to 30 with each failure in a row. */
export function refusedForMs(failures: number): number {
  return Math.min(SHORTEST_PAUSE_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
}
