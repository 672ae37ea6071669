import { setTimeout as sleep } from "node:timers/promises";

/** Ends early, and without an error, once the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal }).catch(() => {});
}
