import type { JsonObject } from "../json.ts";
import { fetchJsonObject, type KeyFetchFailure } from "../jwk/fetch-json.ts";
import { err, type Result } from "../result.ts";
import type { ReadDocument } from "../verify/published-keys.ts";
import type { ClientPorts } from "./exchange.ts";
import { attemptSignal, type HttpPorts } from "./fetch.ts";
import { mayRecover, networkError } from "./network.ts";
import { type FailedAttempt, withRetry } from "./retry.ts";

/**
 * Reads each document at once or not at all: for a person who waits. The time is the caller's: the few seconds that the
 * Worker gives a document are for its own requests.
 */
export function readOnce(timeoutMs: number, ports: HttpPorts): ReadDocument {
  const { fetch } = ports;
  return (url) => fetchJsonObject({ fetch, timeoutSignal: () => attemptSignal(timeoutMs, ports) }, url);
}

/** Repeats an attempt that may succeed later. All documents that one reader reads share one deadline. */
export function readWithRetry(timeoutMs: number, ports: ClientPorts): ReadDocument {
  const deadlineMs = ports.nowMs() + timeoutMs;
  return async (url) => {
    const leftMs = deadlineMs - ports.nowMs();
    const read = await withRetry((left) => attempt(url, left, ports), leftMs, ports);
    return read.ok ? read : err(read.error.failure);
  };
}

async function attempt(
  url: string,
  leftMs: number,
  ports: ClientPorts,
): Promise<Result<JsonObject, FailedAttempt<KeyFetchFailure>>> {
  const read = await readOnce(leftMs, ports)(url);
  return read.ok ? read : err({ failure: read.error, retryable: mayPass(read.error) });
}

function mayPass({ status, thrown }: KeyFetchFailure): boolean {
  if (status !== undefined) return status === 429 || status >= 500;
  return thrown !== undefined && mayRecover(networkError(thrown).cause);
}
