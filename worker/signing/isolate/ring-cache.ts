import { hasPassed } from "../../../shared/elapsed.ts";
import type { Timing } from "../../../shared/key-timing.ts";
import { ok, type Result } from "../../../shared/result.ts";
import { RING_ASK_AGAIN_SECONDS, RING_RETRY_SECONDS } from "../../limits.ts";
import type { Moment } from "../../moment.ts";
import type { MacFailure } from "../../store/value-mac.ts";
import type { SourceFailure } from "../health/observed.ts";
import { type CachedRing, freshness, newerRing } from "../ring/cached-ring.ts";
import type { KeySettings } from "../ring/ring.ts";
import type { decodeRing } from "../ring/ring-codec.ts";

/** The two places that a ring can be read from. */
export interface RingSources {
  /** The copy in KV, with its MAC. */
  readKv(): Promise<string | null>;
  /** @returns the ring of a copy, if the keeper wrote it. */
  openCopy(copy: string): Promise<Result<string, MacFailure>>;
  /** Is told, once, of a copy that the keeper did not write. */
  reportCopy(reason: MacFailure): void;
  askKeeper(settings: KeySettings, now: number): Promise<string>;
  readonly decode: typeof decodeRing;
}

/**
 * One isolate's cached ring, and how it is kept new. Memory holds values and never a promise: each request does its own
 * reading where it has to, and none waits for another's.
 */
export class RingCache {
  readonly #sources: RingSources;
  readonly #timing: Timing;
  #cached: CachedRing | undefined;
  /** The copy that KV gave last: its MAC is checked once. */
  #lastCopy: { readonly copy: string; readonly opened: Result<string, MacFailure> } | undefined;
  // Unix seconds: when KV was last read, when the keeper was last asked, when `consult` last asked it, when it last failed.
  #triedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #consultedAt = Number.NEGATIVE_INFINITY;
  #keeperFailedAt = Number.NEGATIVE_INFINITY;
  readonly #failures = new Map<SourceFailure, number>();

  constructor(sources: RingSources, timing: Timing) {
    this.#sources = sources;
    this.#timing = timing;
  }

  get cached(): CachedRing | undefined {
    return this.#cached;
  }

  /** What does not work, and since when (Unix seconds). */
  get failures(): ReadonlyMap<SourceFailure, number> {
    return this.#failures;
  }

  /** Keeps the ring as new as the timing demands: refreshes an ageing ring after the answer, and a stale one before it. */
  async refresh(settings: KeySettings, { now, background }: Moment): Promise<void> {
    const state = freshness(this.#cached, now, this.#timing);
    const mayTry = this.#cached === undefined || hasPassed(RING_RETRY_SECONDS, this.#triedAt, now);
    if (state === "stale" && mayTry) await this.#read(settings, now);
    if (state === "ageing" && mayTry) background(this.#read(settings, now));
    const holdsRevoked = this.#cached?.ring.keys.some((key) => settings.revoked.has(key.kid));
    // The keeper erases the revoked key and makes new ones without waiting for cron.
    if (holdsRevoked && hasPassed(RING_ASK_AGAIN_SECONDS, this.#askedAt, now)) {
      background(this.#ask(settings, now));
    }
  }

  /** Asks the keeper, which has the original and makes what is missing. @returns whether it gave a ring. */
  async consult(settings: KeySettings, now: number): Promise<boolean> {
    if (this.#cached !== undefined && !hasPassed(RING_RETRY_SECONDS, this.#consultedAt, now)) return false;
    this.#consultedAt = now;
    const isJustAsked = this.#cached?.from === "keeper" && this.#askedAt === now;
    return !isJustAsked && this.#ask(settings, now);
  }

  /** Reads KV. Where KV gives no ring, asks the keeper, unless the ring in memory is not stale yet. */
  async #read(settings: KeySettings, now: number): Promise<void> {
    this.#triedAt = now;
    if (await this.#readKv(now)) return;
    if (freshness(this.#cached, now, this.#timing) === "stale") await this.#ask(settings, now);
  }

  async #readKv(now: number): Promise<boolean> {
    let copy: string | null;
    try {
      copy = await this.#sources.readKv();
    } catch {
      return this.#fails("kv_unreadable", now);
    }
    if (copy === null) return this.#fails("kv_missing", now);
    const opened = await this.#open(copy);
    if (!opened.ok) return this.#fails("kv_unauthenticated", now);
    if (!this.#adopt(opened.value, "kv", now)) return this.#fails("kv_invalid", now);
    for (const over of KV_FAILURES) this.#failures.delete(over);
    return true;
  }

  async #open(copy: string): Promise<Result<string, MacFailure>> {
    if (this.#lastCopy?.copy === copy) return this.#lastCopy.opened;
    const opened = await this.#sources.openCopy(copy);
    if (!opened.ok) this.#sources.reportCopy(opened.error);
    this.#lastCopy = { copy, opened };
    return opened;
  }

  async #ask(settings: KeySettings, now: number): Promise<boolean> {
    if (!hasPassed(RING_RETRY_SECONDS, this.#keeperFailedAt, now)) return false;
    this.#askedAt = now;
    try {
      const text = await this.#sources.askKeeper(settings, now);
      if (this.#adopt(text, "keeper", now)) {
        this.#failures.delete("keeper_unreachable");
        return true;
      }
    } catch {
      // The keeper's own log has the reason; here it is one more source that does not answer.
    }
    this.#keeperFailedAt = now;
    return this.#fails("keeper_unreachable", now);
  }

  /** @returns whether the text is a ring. */
  #adopt(text: string, from: CachedRing["from"], now: number): boolean {
    const held = this.#cached;
    const isSame = held?.text === text;
    const ring = isSame ? ok(held.ring) : this.#sources.decode(text);
    if (!ring.ok) return false;
    const read: CachedRing = { text, ring: ring.value, readAt: now, from };
    const newer = isSame ? read : newerRing(held, read);
    if (from === "kv" && newer.ring.sequence > ring.value.sequence) this.#fails("kv_behind", now);
    else if (from === "kv") this.#failures.delete("kv_behind");
    this.#cached = newer;
    return true;
  }

  #fails(failure: SourceFailure, now: number): false {
    if (!this.#failures.has(failure)) this.#failures.set(failure, now);
    return false;
  }
}

/** What is over as soon as KV gives a ring. */
const KV_FAILURES = ["kv_unreadable", "kv_missing", "kv_invalid", "kv_unauthenticated"] as const;
