import { err, ok, type Result } from "../result.ts";
import type { Minted } from "../wire.ts";
import { type ClientFailure, type ClientPorts, type ExchangeOptions, exchange } from "./exchange.ts";
import { readWithRetry } from "./read-document.ts";
import { type MintedFailure, verifyMinted } from "./verify-minted.ts";

/** Getting one SVID: the exchange, the verification where it is wanted, and the times of the SVID on this machine. */

/**
 * Unix milliseconds, by the clock of this machine: when the last request was sent, and when the SVID ends at the
 * earliest. It was minted after the request was sent, however long the response took.
 */
export interface Times {
  readonly sentAtMs: number;
  readonly expiresAtMs: number;
}

export type Exchanged = Minted & Times;

/** Why there is no SVID, or none that is handed on. */
export type SvidFailure<F> =
  | ClientFailure<F>
  | { readonly code: "svid_not_verified"; readonly failure: MintedFailure };

export interface SvidOptions<F> extends ExchangeOptions<F> {
  /** Whether the SVID is verified with the keys that the exchange publishes. */
  readonly verify: boolean;
}

/** For the discovery document and the key set together. */
const DOCUMENTS_TIMEOUT_MS = 10_000;

export async function getSvid<F>(
  options: SvidOptions<F>,
  ports: ClientPorts,
): Promise<Result<Exchanged, SvidFailure<F>>> {
  const { outcome, sentAtMs } = await withSendingTime((timed) => exchange(options, timed), ports);
  if (!outcome.ok) return outcome;
  const exchanged = {
    ...outcome.value,
    sentAtMs,
    expiresAtMs: sentAtMs + outcome.value.expiresIn * 1000,
  };
  if (!options.verify) return ok(exchanged);
  const read = readWithRetry(DOCUMENTS_TIMEOUT_MS, ports);
  const judged = await verifyMinted(exchanged, options.exchangeUrl, read, ports.nowMs);
  return judged.ok ? ok(exchanged) : err({ code: "svid_not_verified", failure: judged.error });
}

/** Records when the last request was sent: the SVID was minted after that, however long the response took. */
export async function withSendingTime<T>(
  send: (ports: ClientPorts) => Promise<T>,
  ports: ClientPorts,
): Promise<{ readonly outcome: T; readonly sentAtMs: number }> {
  let sentAtMs = 0;
  const fetch: ClientPorts["fetch"] = (address, request) => {
    sentAtMs = ports.nowMs();
    return ports.fetch(address, request);
  };
  const outcome = await send({ ...ports, fetch });
  return { outcome, sentAtMs };
}

/** Whether a later attempt may succeed although nothing changes here: each attempt failed in a way that may pass. */
export function mayPass({ code }: SvidFailure<unknown>): boolean {
  return code === "deadline_exceeded";
}
