import type { Times } from "../client/get-svid.ts";
import type { Result } from "../result.ts";
import { leftMs, refusedForMs, renewAtMs, retryAfterMs, SHORTEST_PAUSE_MS } from "./times.ts";

/** One SVID that a process holds: exchanged once for all who ask, renewed while somebody wants it. */
export interface HeldSvid<T, F> {
  /** The held SVID, or a new one. Whoever asks while an exchange is under way waits for its outcome. */
  readonly get: () => Promise<Result<T, F>>;
  /** Wants the SVID until the signal is aborted. Ends then, or once no later attempt can succeed. */
  readonly follow: (listener: Listener<T, F>, signal: AbortSignal) => Promise<void>;
  /** The last SVID, which may have expired. */
  readonly last: () => T | undefined;
  /** Whether there is something to remember: an SVID, or an exchange that is under way. */
  readonly isHeld: () => boolean;
}

export interface Listener<T, F> {
  readonly renewed: (svid: T) => void;
  readonly failed: (failed: FailedRenewal<F>) => void;
}

export interface FailedRenewal<F> {
  readonly failure: F;
  /** Milliseconds for which the SVID that is held can still be used; 0 and below: none is held. */
  readonly leftMs: number;
  /** No other attempt follows. */
  readonly isLast: boolean;
}

export interface HoldPorts<T extends Times, F> {
  readonly exchange: () => Promise<Result<T, F>>;
  /** Whether a later attempt may succeed although nothing changes here. */
  readonly mayPass: (failure: F) => boolean;
  /** Whether each exchange gets a new ID token. */
  readonly renewable: boolean;
  readonly nowMs: () => number;
  /** Ends early, and without an error, once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** @param ended aborted once the process needs no SVID any more. */
export function holdSvid<T extends Times, F>(ports: HoldPorts<T, F>, ended: AbortSignal): HeldSvid<T, F> {
  const listeners = new Set<Listener<T, F>>();
  let svid: T | undefined;
  let flight: Promise<Result<T, F>> | undefined;
  let renewal: Promise<void> | undefined;
  let refused: { readonly outcome: Result<T, F>; readonly untilMs: number } | undefined;
  let failures = 0;
  let asked = false;

  const left = (): number => (svid === undefined ? 0 : leftMs(svid, ports.nowMs()));
  /** A token that cannot be renewed is refused again. A new one may be accepted, after a policy was corrected. */
  const isFinal = (failure: F): boolean => !ports.renewable && !ports.mayPass(failure);

  const exchange = (): Promise<Result<T, F>> => {
    flight ??= ports
      .exchange()
      .then((outcome) => record(outcome))
      .finally(() => {
        flight = undefined;
      });
    return flight;
  };

  const record = (outcome: Result<T, F>): Result<T, F> => {
    if (outcome.ok) {
      svid = outcome.value;
      [refused, failures] = [undefined, 0];
      return outcome;
    }
    failures += 1;
    const forMs = isFinal(outcome.error) ? Number.POSITIVE_INFINITY : refusedForMs(failures);
    refused = { outcome, untilMs: ports.nowMs() + forMs };
    return outcome;
  };

  const isWanted = (): boolean => listeners.size > 0 || asked;

  const renewWhileWanted = async (): Promise<void> => {
    let waitMs = svid === undefined ? 0 : renewAtMs(svid, ports.renewable) - ports.nowMs();
    while (true) {
      await ports.pause(Math.max(waitMs, SHORTEST_PAUSE_MS), ended);
      if (ended.aborted || !isWanted()) return;
      asked = false;
      const renewed = await exchange();
      if (ended.aborted) return;
      if (renewed.ok) {
        for (const listener of listeners) listener.renewed(renewed.value);
        waitMs = renewAtMs(renewed.value, ports.renewable) - ports.nowMs();
        continue;
      }
      const isLast = !ports.mayPass(renewed.error) && (!ports.renewable || left() <= 0);
      for (const listener of listeners) listener.failed({ failure: renewed.error, leftMs: left(), isLast });
      if (isLast) return;
      waitMs = retryAfterMs(left());
    }
  };

  const renew = (): Promise<void> => {
    renewal ??= renewWhileWanted().finally(() => {
      renewal = undefined;
    });
    return renewal;
  };

  return {
    get: async () => {
      asked = true;
      if (svid === undefined || left() <= 0) {
        if (refused !== undefined && ports.nowMs() < refused.untilMs) return refused.outcome;
        const outcome = await exchange();
        if (!outcome.ok) return outcome;
        svid = outcome.value;
      }
      if (ports.renewable) void renew();
      return { ok: true, value: svid };
    },
    follow: async (listener, signal) => {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
      await renew();
    },
    last: () => svid,
    isHeld: () => flight !== undefined || renewal !== undefined || left() > 0,
  };
}
