import type { Denial } from "../../shared/denial.ts";
import type { KeyFetchPorts } from "../../shared/jwk/fetch-json.ts";
import { fetchKeySet, type IssuerKeySource } from "../../shared/jwk/fetch-key-set.ts";
import type { PublicKey } from "../../shared/jwk/public-key.ts";
import { KEY_FETCH_TIMEOUT_SECONDS } from "../../shared/limits.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import { MAX_UPSTREAM_WAITERS, UPSTREAM_POLL_MS } from "../limits.ts";
import type { Background, Moment } from "../moment.ts";
import { type FetchAttempt, freshnessOf, isCoolDownOver, missingKey } from "./freshness.ts";
import { type HeldKeys, type KeyCopiesPorts, KeyCopy } from "./key-copies.ts";

export interface FetchedKeysPorts extends KeyFetchPorts, KeyCopiesPorts {
  /** Waits for some milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
  /** Is told why an issuer's keys could not be read: behind a response, nobody else is. */
  readonly report: (issuer: AllowedIssuer, failure: string) => void;
}

/** Discovery and the key set, one after the other, and a little more. */
const MAX_POLLS = ((2 * KEY_FETCH_TIMEOUT_SECONDS + 1) * 1000) / UPSTREAM_POLL_MS;

/**
 * The keys of one source as this isolate knows them. It keeps values only: a promise belongs to the request that made
 * it, and Workers refuse to await another request's, so requests that need the same fetch poll for its outcome.
 */
export class FetchedKeys {
  readonly #source: IssuerKeySource;
  readonly #ports: FetchedKeysPorts;
  readonly #copy: KeyCopy;
  #held: HeldKeys | undefined;
  #lastAttempt: FetchAttempt | undefined;
  #waiters = 0;

  constructor(source: IssuerKeySource, ports: FetchedKeysPorts) {
    this.#source = source;
    this.#ports = ports;
    this.#copy = new KeyCopy(source, ports);
  }

  /** Since when (Unix seconds) KV has had a copy of the keys that no isolate of this exchange wrote. */
  get copyRefusedSince(): number | undefined {
    return this.#copy.refusedSince;
  }

  /** Seconds since the held set was read from the issuer. */
  age(now: number): number | undefined {
    return this.#held && now - this.#held.fetchedAt;
  }

  async find(issuer: AllowedIssuer, kid: string, moment: Moment): Promise<Result<PublicKey, Denial>> {
    const { now } = moment;
    const before = freshnessOf(this.#held, kid, now);
    if (before !== "fresh") {
      const fetching = isCoolDownOver(this.#lastAttempt, now) ? this.#start(issuer, kid, moment) : undefined;
      if (before !== "stale-while-revalidate") await (fetching ?? this.#attemptOfAnother());
    }
    const usable = freshnessOf(this.#held, kid, now) !== "unusable";
    const key = usable ? this.#held?.keys.get(kid) : undefined;
    return key === undefined ? err(missingKey(issuer, this.#lastAttempt, now)) : ok(key);
  }

  /** The attempt goes on when the caller hangs up, since others may wait for its outcome. */
  #start(issuer: AllowedIssuer, kid: string, { now, background }: Moment): Promise<void> {
    const attempt: FetchAttempt = { startedAt: now };
    this.#lastAttempt = attempt;
    const work = this.#attempt(attempt, issuer, kid, background);
    background(work);
    return work;
  }

  /** An isolate that holds nothing reads the copy in KV first, and asks the issuer only where that does not do. */
  async #attempt(
    attempt: FetchAttempt,
    issuer: AllowedIssuer,
    kid: string,
    background: Background,
  ): Promise<void> {
    if (this.#held === undefined) {
      this.#held = await this.#copy.read(attempt.startedAt);
      const copied = freshnessOf(this.#held, kid, attempt.startedAt);
      if (copied === "fresh" || copied === "stale-while-revalidate") {
        this.#lastAttempt = undefined;
        return;
      }
    }
    const fetched = await fetchKeySet(this.#ports, this.#source);
    if (fetched.ok) {
      this.#held = { keys: fetched.value.keys, fetchedAt: attempt.startedAt };
      background(this.#copy.write(this.#held));
      attempt.outcome = "succeeded";
    } else {
      this.#ports.report(issuer, fetched.error.what);
      attempt.outcome = { failure: fetched.error.what };
    }
  }

  /** Waits, in this request's own time, for the attempt of another request. */
  async #attemptOfAnother(): Promise<void> {
    if (this.#waiters >= MAX_UPSTREAM_WAITERS) return;
    this.#waiters++;
    for (let polls = 0; polls < MAX_POLLS && this.#isFetching(); polls++) {
      await this.#ports.pause(UPSTREAM_POLL_MS);
    }
    this.#waiters--;
  }

  #isFetching(): boolean {
    return this.#lastAttempt !== undefined && this.#lastAttempt.outcome === undefined;
  }
}
