import type { Denial } from "../../shared/denial.ts";
import type { Fetch } from "../../shared/jwk/fetch-json.ts";
import { fetchKeySet } from "../../shared/jwk/fetch-key-set.ts";
import type { PublicKey } from "../../shared/jwk/public-key.ts";
import { UPSTREAM_TIMEOUT_SECONDS } from "../../shared/limits.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import { MAX_UPSTREAM_WAITERS, UPSTREAM_POLL_MS } from "../limits.ts";
import type { Background } from "../moment.ts";
import { type Look, mayLook, noKey, standing } from "./freshness.ts";
import { type HeldKeys, type KeyCopies, readCopy, writeCopy } from "./key-copies.ts";

export interface Upstream {
  readonly fetch: Fetch;
  readonly kv: KeyCopies;
  /** Waits for some milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Is told why an issuer's keys could not be read: behind an answer, nobody else is. */
  readonly report: (issuer: AllowedIssuer, failure: string) => void;
}

/** Discovery and the key set, one after the other, and a little more. */
const MAX_POLLS = ((2 * UPSTREAM_TIMEOUT_SECONDS + 1) * 1000) / UPSTREAM_POLL_MS;

/**
 * The keys of one issuer as this isolate knows them. It keeps values only: a promise belongs to the request that made
 * it, and Workers refuse to await another request's, so requests that need the same fetch look for its result by turns.
 */
export class FetchedKeys {
  readonly #upstream: Upstream;
  #held: HeldKeys | undefined;
  #last: Look | undefined;
  #waiters = 0;

  constructor(upstream: Upstream) {
    this.#upstream = upstream;
  }

  /** Seconds since the held set was read from the issuer. */
  age(now: number): number | undefined {
    return this.#held && now - this.#held.fetchedAt;
  }

  async find(
    issuer: AllowedIssuer,
    kid: string,
    now: number,
    background: Background,
  ): Promise<Result<PublicKey, Denial>> {
    const before = standing(this.#held, kid, now);
    if (before !== "fresh") {
      const look = mayLook(this.#last, now) ? this.#startLook(issuer, kid, now, background) : undefined;
      if (before !== "unconfirmed") await (look ?? this.#othersLook());
    }
    const key = standing(this.#held, kid, now) === "unknown" ? undefined : this.#held?.keys.get(kid);
    return key === undefined ? err(noKey(issuer, this.#last, now)) : ok(key);
  }

  /** The look goes on when the caller hangs up, since others may wait for what it finds. */
  #startLook(issuer: AllowedIssuer, kid: string, now: number, background: Background): Promise<void> {
    const look: Look = { at: now };
    this.#last = look;
    const work = this.#look(look, issuer, kid, background);
    background(work);
    return work;
  }

  /** An isolate that holds nothing reads the copy in KV first, and asks the issuer only if that does not do. */
  async #look(look: Look, issuer: AllowedIssuer, kid: string, background: Background): Promise<void> {
    if (this.#held === undefined) {
      this.#held = await readCopy(this.#upstream.kv, issuer, look.at);
      const copied = standing(this.#held, kid, look.at);
      if (copied === "fresh" || copied === "unconfirmed") {
        this.#last = undefined;
        return;
      }
    }
    const fetched = await fetchKeySet(this.#upstream.fetch, issuer);
    if (fetched.ok) {
      this.#held = { keys: fetched.value, fetchedAt: look.at };
      background(writeCopy(this.#upstream.kv, issuer, this.#held));
    }
    if (!fetched.ok) this.#upstream.report(issuer, fetched.error);
    look.outcome = fetched.ok ? "succeeded" : { failure: fetched.error };
  }

  /** Waits, in this request's own time, for the look of another request. */
  async #othersLook(): Promise<void> {
    if (this.#waiters >= MAX_UPSTREAM_WAITERS) return;
    this.#waiters++;
    for (let polls = 0; polls < MAX_POLLS && this.#isLooking(); polls++) {
      await this.#upstream.pause(UPSTREAM_POLL_MS);
    }
    this.#waiters--;
  }

  #isLooking(): boolean {
    return this.#last !== undefined && this.#last.outcome === undefined;
  }
}
