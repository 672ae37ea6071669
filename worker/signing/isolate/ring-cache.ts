import type { Timing } from "../../../shared/key-timing.ts";
import { RING_ASK_AGAIN_SECONDS, RING_RETRY_SECONDS } from "../../limits.ts";
import type { Background } from "../../moment.ts";
import type { SourceTrouble } from "../health/reports.ts";
import { freshness, newerCopy, type RingCopy } from "../ring/cached-ring.ts";
import type { KeySettings } from "../ring/ring.ts";
import type { decodeRing } from "../ring/ring-codec.ts";

/** The two places that a ring can be read from. */
export interface SourcePorts {
  readCopy(): Promise<string | null>;
  askKeeper(settings: KeySettings, now: number): Promise<string>;
  readonly decode: typeof decodeRing;
}

/**
 * One isolate's copy of the ring, and how it is kept new. Memory holds values and never a promise: each request does
 * its own reading where it has to, and none waits for another's.
 */
export class RingSource {
  readonly #ports: SourcePorts;
  readonly #timing: Timing;
  #copy: RingCopy | undefined;
  #isDamaged = false;
  #triedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #consultedAt = Number.NEGATIVE_INFINITY;
  #keeperFailedAt = Number.NEGATIVE_INFINITY;
  readonly #troubles = new Map<SourceTrouble, number>();

  constructor(ports: SourcePorts, timing: Timing) {
    this.#ports = ports;
    this.#timing = timing;
  }

  get copy(): RingCopy | undefined {
    return this.#copy;
  }

  /** What does not work, and since when (Unix seconds). */
  get troubles(): ReadonlyMap<SourceTrouble, number> {
    return this.#troubles;
  }

  /** Sees to it that the copy is as new as the bounds ask: behind the answer while it still is, before it after. */
  async renew(settings: KeySettings, now: number, background: Background): Promise<void> {
    const state = freshness(this.#copy, now, this.#timing);
    const mayTry = this.#copy === undefined || hasPassed(RING_RETRY_SECONDS, this.#triedAt, now);
    if (state === "stale" && mayTry) await this.#refresh(settings, now);
    if (state === "ageing" && mayTry) background(this.#refresh(settings, now));
    const holdsRevoked = this.#copy?.ring.keys.some((key) => settings.revoked.has(key.kid));
    // The keeper erases the revoked key and makes new ones without waiting for cron.
    if (holdsRevoked && hasPassed(RING_ASK_AGAIN_SECONDS, this.#askedAt, now)) {
      background(this.#ask(settings, now));
    }
  }

  /** Asks the keeper, who has the original and makes what is missing. @returns whether the copy is worth another look. */
  async consult(settings: KeySettings, now: number): Promise<boolean> {
    if (this.#copy !== undefined && !hasPassed(RING_RETRY_SECONDS, this.#consultedAt, now)) return false;
    this.#consultedAt = now;
    return this.#ask(settings, now);
  }

  /** A key of this copy did not open: the original may be whole. @returns whether there is another copy now. */
  async replace(damaged: RingCopy, settings: KeySettings, now: number): Promise<boolean> {
    this.#isDamaged = true;
    if (damaged.from === "keeper" || !hasPassed(RING_ASK_AGAIN_SECONDS, this.#askedAt, now)) return false;
    await this.#ask(settings, now);
    return this.#copy?.text !== damaged.text;
  }

  /** KV first; where it has nothing good, the keeper, unless there still is a copy in memory that will do. */
  async #refresh(settings: KeySettings, now: number): Promise<void> {
    this.#triedAt = now;
    if (await this.#readKv(now)) return;
    if (freshness(this.#copy, now, this.#timing) === "stale") await this.#ask(settings, now);
  }

  async #readKv(now: number): Promise<boolean> {
    let text: string | null;
    try {
      text = await this.#ports.readCopy();
    } catch {
      return this.#fails("kv_unreadable", now);
    }
    if (text === null) return this.#fails("kv_missing", now);
    if (!this.#adopt(text, "kv", now)) return this.#fails("kv_invalid", now);
    for (const over of ["kv_unreadable", "kv_missing", "kv_invalid"] as const) this.#troubles.delete(over);
    return true;
  }

  async #ask(settings: KeySettings, now: number): Promise<boolean> {
    if (!hasPassed(RING_RETRY_SECONDS, this.#keeperFailedAt, now)) return false;
    this.#askedAt = now;
    try {
      const text = await this.#ports.askKeeper(settings, now);
      if (this.#adopt(text, "keeper", now)) {
        this.#troubles.delete("keeper_unreachable");
        return true;
      }
    } catch {
      // Its reason is in the keeper's own log; here it is one more source that does not answer.
    }
    this.#keeperFailedAt = now;
    return this.#fails("keeper_unreachable", now);
  }

  #adopt(text: string, from: RingCopy["from"], now: number): boolean {
    const held = this.#copy;
    if (held?.text === text) {
      this.#copy = { ...held, from, readAt: now };
      return true;
    }
    const ring = this.#ports.decode(text, now);
    if (!ring.ok) return false;
    const copy = newerCopy(held, { text, ring: ring.value, readAt: now, from }, this.#isDamaged);
    if (copy.text === text) this.#isDamaged = false;
    if (copy.ring.sequence > ring.value.sequence) this.#fails("kv_behind", now);
    else this.#troubles.delete("kv_behind");
    this.#copy = copy;
    return true;
  }

  #fails(trouble: SourceTrouble, now: number): false {
    if (!this.#troubles.has(trouble)) this.#troubles.set(trouble, now);
    return false;
  }
}

/** A clock that was set back must not stop anything for long: then the time counts as passed. */
function hasPassed(seconds: number, since: number, now: number): boolean {
  return now - since >= seconds || now < since;
}
