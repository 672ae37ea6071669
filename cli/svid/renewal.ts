import type { Result } from "../../shared/result.ts";
import { formatInstant, formatSpan } from "../../shared/time.ts";
import type { Failure } from "../outcome.ts";
import type { Exchanged } from "./exchange.ts";

/** The means by which a file is kept fresh; clock and pause are handed in. */
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

/** No faster than this, however little time is left. */
const SHORTEST_PAUSE_MS = 1_000;
/** An exchange that is down is asked this often, until it is back. */
const LONGEST_RETRY_MS = 30_000;
/** An SVID is removed this long before it ends, so that no reader takes it for good and finds it expired. */
const EXPIRY_MARGIN_MS = 1_000;

/**
 * Renews at half of each SVID's lifetime and, after a failure, at half of what is left, again and again: seven tries
 * in a lifetime of five minutes. An SVID that could not be renewed in time is removed, never left to be found expired.
 * Ends when the signal is aborted, or when no renewal can come any more.
 */
export async function keepFresh(first: Exchanged, ports: RenewalPorts, signal: AbortSignal): Promise<void> {
  let expiresAtMs = first.expiresAtMs;
  let disarm = removeAt(expiresAtMs, ports, signal);
  let waitMs = (first.expiresAtMs - first.askedAtMs) / 2;
  while (true) {
    await ports.pause(Math.max(waitMs, SHORTEST_PAUSE_MS), signal);
    if (signal.aborted) return;
    const renewed = await renew(ports, signal);
    if (signal.aborted) return;
    const leftMs = expiresAtMs - EXPIRY_MARGIN_MS - ports.nowMs();
    if (renewed.ok) {
      disarm();
      if (leftMs <= 0)
        ports.note(`The SVID is back, until ${formatInstant(renewed.value.expiresAtMs / 1000)}.`);
      expiresAtMs = renewed.value.expiresAtMs;
      disarm = removeAt(expiresAtMs, ports, signal);
      waitMs = (expiresAtMs - renewed.value.askedAtMs) / 2;
      continue;
    }
    const hopeless = isHopeless(renewed.error, ports.renewable, leftMs);
    for (const line of failureLines(renewed.error, leftMs, hopeless)) ports.note(line);
    if (hopeless) return;
    waitMs = leftMs > 0 ? Math.min(leftMs / 2, LONGEST_RETRY_MS) : LONGEST_RETRY_MS;
  }
}

/** One exchange, and its SVID put in place. */
async function renew(ports: RenewalPorts, signal: AbortSignal): Promise<Result<Exchanged, Failure>> {
  const exchanged = await ports.exchange();
  if (!exchanged.ok || signal.aborted) return exchanged;
  const replaced = ports.replace(exchanged.value.svid);
  return replaced.ok ? exchanged : replaced;
}

/**
 * A refusal of a token that will not change is the last word. A fresh token may meet a policy that has been mended, or
 * an issuer whose new key has become known, but only as long as there is still an SVID to renew.
 */
function isHopeless(failure: Failure, renewable: boolean, leftMs: number): boolean {
  return failure.transient !== true && (!renewable || leftMs <= 0);
}

/** Removes the file when its SVID ends, unless disarmed before. */
function removeAt(expiresAtMs: number, ports: RenewalPorts, signal: AbortSignal): () => void {
  const disarmed = new AbortController();
  const over = AbortSignal.any([signal, disarmed.signal]);
  void ports.pause(expiresAtMs - EXPIRY_MARGIN_MS - ports.nowMs(), over).then(() => {
    if (over.aborted) return;
    ports.remove();
    ports.note(
      `The SVID expired at ${formatInstant(expiresAtMs / 1000)} without a renewal; its file was removed.`,
    );
  });
  return () => disarmed.abort();
}

function failureLines(failure: Failure, leftMs: number, hopeless: boolean): readonly string[] {
  const left = leftMs > 0 ? `; the SVID in place ends in ${formatSpan(leftMs / 1000)}` : "";
  const then = hopeless ? "It will not be tried again" : "It will be tried again";
  return [
    `The SVID could not be renewed (${failure.code}). ${failure.message}`,
    ...(failure.details ?? []).map((line) => `  ${line}`),
    ...(hopeless ? failure.next.map((line) => `  ${line}`) : []),
    `${then}${left}.`,
  ];
}
