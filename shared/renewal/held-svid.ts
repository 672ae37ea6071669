import type { Times } from "../client/get-svid.ts";
import { err, ok, type Result } from "../result.ts";
import { leftMs, refusedForMs, renewAtMs, retryAfterMs, SHORTEST_PAUSE_MS } from "./times.ts";

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

/** One SVID that a process holds: exchanged once for all who ask, renewed while somebody wants it. */
export class HeldSvid<T extends Times, F> {
  readonly #ports: HoldPorts<T, F>;
  readonly #ended: AbortSignal;
  readonly #listeners = new Set<Listener<T, F>>();
  #svid: T | undefined;
  #exchange: Promise<Result<T, F>> | undefined;
  #renewal: Promise<void> | undefined;
  #refused: { readonly failure: F; readonly untilMs: number } | undefined;
  #failures = 0;
  /** Somebody asked since the last renewal began. */
  #asked = false;

  /** @param ended aborted once the process needs no SVID any more. */
  constructor(ports: HoldPorts<T, F>, ended: AbortSignal) {
    this.#ports = ports;
    this.#ended = ended;
  }

  /** The held SVID, or a new one. Whoever asks while an exchange is under way waits for its outcome. */
  async get(): Promise<Result<T, F>> {
    this.#asked = true;
    const { renewable, nowMs } = this.#ports;
    if (this.#svid === undefined || this.#leftMs() <= 0) {
      const refused = this.#refused;
      if (refused !== undefined && nowMs() < refused.untilMs) return err(refused.failure);
      const exchanged = await this.#exchangeOnce();
      if (renewable && exchanged.ok) this.#renewInBackground();
      return exchanged;
    }
    if (renewable) this.#renewInBackground();
    return ok(this.#svid);
  }

  /** Wants the SVID until the signal is aborted. Ends once nobody wants it, or no later attempt can succeed. */
  follow(listener: Listener<T, F>, signal: AbortSignal): Promise<void> {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
    return this.#renew();
  }

  /** The last SVID, which may have expired. */
  get last(): T | undefined {
    return this.#svid;
  }

  /** Whether there is something to remember: an SVID, or an exchange that is under way. */
  get isHeld(): boolean {
    return this.#exchange !== undefined || this.#renewal !== undefined || this.#leftMs() > 0;
  }

  #leftMs(): number {
    return this.#svid === undefined ? 0 : leftMs(this.#svid, this.#ports.nowMs());
  }

  #exchangeOnce(): Promise<Result<T, F>> {
    this.#exchange ??= this.#exchangeAndRecord().finally(() => {
      this.#exchange = undefined;
    });
    return this.#exchange;
  }

  async #exchangeAndRecord(): Promise<Result<T, F>> {
    const outcome = await this.#ports.exchange();
    if (outcome.ok) {
      this.#svid = outcome.value;
      this.#refused = undefined;
      this.#failures = 0;
    } else {
      this.#failures += 1;
      this.#refused = {
        failure: outcome.error,
        untilMs: this.#ports.nowMs() + this.#refusedForMs(outcome.error),
      };
    }
    return outcome;
  }

  /** A token that cannot be renewed is refused again. A new one may be accepted, after a policy was corrected. */
  #refusedForMs(failure: F): number {
    const { renewable, mayPass } = this.#ports;
    return renewable || mayPass(failure) ? refusedForMs(this.#failures) : Number.POSITIVE_INFINITY;
  }

  #renew(): Promise<void> {
    this.#renewal ??= this.#renewWhileWanted().finally(() => {
      this.#renewal = undefined;
    });
    return this.#renewal;
  }

  #renewInBackground(): void {
    this.#renew().catch(() => {}); // A bug: whoever asks once the SVID has expired meets it, too.
  }

  async #renewWhileWanted(): Promise<void> {
    let dueAtMs = this.#renewalDueAtMs();
    for (;;) {
      const waitMs = Math.max(dueAtMs - this.#ports.nowMs(), SHORTEST_PAUSE_MS);
      await this.#ports.pause(waitMs, this.#ended);
      if (this.#ended.aborted || !(this.#asked || this.#listeners.size > 0)) return;
      this.#asked = false;
      const renewed = await this.#exchangeOnce();
      if (this.#ended.aborted) return;
      if (!this.#tell(renewed)) return;
      dueAtMs = renewed.ok ? this.#renewalDueAtMs() : this.#ports.nowMs() + retryAfterMs(this.#leftMs());
    }
  }

  #renewalDueAtMs(): number {
    return this.#svid === undefined ? 0 : renewAtMs(this.#svid, this.#ports.renewable);
  }

  /** Tells the listeners. @returns whether another attempt follows. */
  #tell(renewed: Result<T, F>): boolean {
    if (renewed.ok) {
      for (const listener of this.#listeners) listener.renewed(renewed.value);
      return true;
    }
    const { renewable, mayPass } = this.#ports;
    const left = this.#leftMs();
    const isLast = !mayPass(renewed.error) && (!renewable || left <= 0);
    for (const listener of this.#listeners) {
      listener.failed({ failure: renewed.error, leftMs: left, isLast });
    }
    return !isLast;
  }
}
