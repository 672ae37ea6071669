import type { Result } from "../../shared/result.ts";
import { formatInstant, formatSpan } from "../../shared/time.ts";
import type { Failure } from "../outcome.ts";
import type { Exchanged } from "./exchange.ts";

/** What the renewal uses of the world around it. */
export interface RenewalPorts {
  readonly exchange: () => Promise<Result<Exchanged, Failure>>;
  readonly replace: (svid: string) => Result<void, Failure>;
  readonly remove: () => void;
  /** Whether each exchange gets a new ID token. */
  readonly renewable: boolean;
  readonly nowMs: () => number;
  /** Ends early, and without an error, once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly note: (line: string) => void;
}

/** The shortest pause between two renewals. */
const SHORTEST_PAUSE_MS = 1_000;
/** The longest pause between two attempts while the exchange is down. */
const LONGEST_RETRY_MS = 30_000;
/** An SVID is removed this long before it expires, so that no reader gets one that expires on its way. */
const EXPIRY_MARGIN_MS = 1_000;

/**
 * Renews at half of each SVID's lifetime and, after a failure, at half of what is left, again and again: seven tries
 * in a lifetime of five minutes. An SVID that could not be renewed in time is removed before it expires.
 * Ends when the signal is aborted, or when no later attempt can succeed.
 */
export async function keepFresh(first: Exchanged, ports: RenewalPorts, signal: AbortSignal): Promise<void> {
  let expiresAtMs = first.expiresAtMs;
  let cancelRemoval = removeAt(expiresAtMs, ports, signal);
  let waitMs = (first.expiresAtMs - first.sentAtMs) / 2;
  while (true) {
    await ports.pause(Math.max(waitMs, SHORTEST_PAUSE_MS), signal);
    if (signal.aborted) return;
    const renewed = await renew(ports, signal);
    if (signal.aborted) return;
    const leftMs = expiresAtMs - EXPIRY_MARGIN_MS - ports.nowMs();
    if (renewed.ok) {
      cancelRemoval();
      if (leftMs <= 0)
        ports.note(
          `The file has an SVID again, which expires at ${formatInstant(renewed.value.expiresAtMs / 1000)}.`,
        );
      expiresAtMs = renewed.value.expiresAtMs;
      cancelRemoval = removeAt(expiresAtMs, ports, signal);
      waitMs = (expiresAtMs - renewed.value.sentAtMs) / 2;
      continue;
    }
    const hopeless = isHopeless(renewed.error, ports.renewable, leftMs);
    for (const line of failureLines(renewed.error, leftMs, hopeless)) ports.note(line);
    if (hopeless) return;
    waitMs = leftMs > 0 ? Math.min(leftMs / 2, LONGEST_RETRY_MS) : LONGEST_RETRY_MS;
  }
}

/** Exchanges once, and replaces the file. */
async function renew(ports: RenewalPorts, signal: AbortSignal): Promise<Result<Exchanged, Failure>> {
  const exchanged = await ports.exchange();
  if (!exchanged.ok || signal.aborted) return exchanged;
  const replaced = ports.replace(exchanged.value.svid);
  return replaced.ok ? exchanged : replaced;
}

/**
 * True where no later attempt can succeed, or is worth it. A token that cannot be renewed is refused again. A new token
 * may be accepted, after a policy was corrected or a new key of the issuer became known; this is tried until the SVID expires.
 */
function isHopeless(failure: Failure, renewable: boolean, leftMs: number): boolean {
  return failure.transient !== true && (!renewable || leftMs <= 0);
}

/** Removes the file shortly before its SVID expires. @returns a function that cancels this. */
function removeAt(expiresAtMs: number, ports: RenewalPorts, signal: AbortSignal): () => void {
  const cancelled = new AbortController();
  const over = AbortSignal.any([signal, cancelled.signal]);
  void ports.pause(expiresAtMs - EXPIRY_MARGIN_MS - ports.nowMs(), over).then(() => {
    if (over.aborted) return;
    ports.remove();
    ports.note(
      `The SVID was not renewed, and it expires at ${formatInstant(expiresAtMs / 1000)}: its file was removed.`,
    );
  });
  return () => cancelled.abort();
}

function failureLines(failure: Failure, leftMs: number, hopeless: boolean): readonly string[] {
  const expiresIn = formatSpan((leftMs + EXPIRY_MARGIN_MS) / 1000);
  const left = leftMs > 0 ? ` The SVID in the file expires in ${expiresIn}.` : "";
  const then = hopeless ? "No other attempt follows." : "Another attempt follows.";
  return [
    `The SVID could not be renewed (${failure.code}). ${failure.message}`,
    ...(failure.details ?? []).map((line) => `  ${line}`),
    ...(hopeless ? failure.next.map((line) => `  ${line}`) : []),
    `${then}${left}`,
  ];
}
