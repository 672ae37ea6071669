import { type Denial, deny } from "../../shared/denial.ts";
import { leastLead, TIMING, type Timing } from "../../shared/keys-timing.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";
import { RING_ASK_AGAIN_SECONDS, RING_RETRY_SECONDS } from "../limits.ts";
import { freshness, newerCopy, type RingCopy } from "./copy.ts";
import { type ImportTrouble, type KeysHealth, keysHealth, type SourceTrouble } from "./health.ts";
import type { PublishedKey, PublishedKeys } from "./publish.ts";
import { type KeySettings, publishedKeys, publishedSequence, type RingKey, signingKey } from "./ring.ts";
import type { Sealed } from "./seal.ts";
import type { decodeRing } from "./store.ts";

/** What signs an SVID. The key is not extractable. */
export interface Signer {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly key: CryptoKey;
  /** Unix seconds until which the key stays published. */
  readonly verifyUntil: number;
}

/** Takes work that goes on after the answer is sent, as `ctx.waitUntil`. */
export type Background = (work: Promise<unknown>) => void;

/** The ring's two sources, and what turns a stored key into one that signs. */
export interface ReaderPorts {
  readCopy(): Promise<string | null>;
  askKeeper(settings: KeySettings, now: number): Promise<string>;
  decode: typeof decodeRing;
  importKey(key: RingKey<Sealed>, sequence: number): Promise<Result<CryptoKey, ImportTrouble>>;
}

/**
 * An isolate's view of the signing keys. Memory holds the parsed ring and imported keys and never a promise: each
 * request does its own reading where it has to, and none waits for another's.
 */
export class SigningKeys {
  readonly #ports: ReaderPorts;
  readonly #timing: Timing;
  /** Seconds after which every relying party knows a key. */
  readonly #aged: number;
  #copy: RingCopy | undefined;
  #triedAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #keeperFailedAt = Number.NEGATIVE_INFINITY;
  readonly #imported = new Map<string, CryptoKey>();
  readonly #broken = new Map<string, ImportTrouble>();
  readonly #revoked = new Set<string>();
  readonly #troubles = new Map<SourceTrouble, number>();

  constructor(ports: ReaderPorts, timing: Timing = TIMING) {
    this.#ports = ports;
    this.#timing = timing;
    this.#aged = leastLead(timing);
  }

  /** The key that signs now. A warm call reads nothing. */
  async signer(
    algorithm: SvidAlgorithm,
    settings: KeySettings,
    now: number,
    background: Background,
  ): Promise<Result<Signer, Denial>> {
    await this.#renew(settings, now, background);
    const signer = await this.#pick(algorithm, settings, now);
    if (signer !== undefined) return ok(signer);
    // The keeper has the original, perhaps newer or undamaged, and makes a ring or a key where there is none.
    if (await this.#ask(settings, now)) {
      const second = await this.#pick(algorithm, settings, now);
      if (second !== undefined) return ok(second);
    }
    return err(unavailable(`No key of this exchange can sign ${algorithm} now.`));
  }

  /** The keys that verify now, for the published documents. Never an empty set. */
  async published(
    settings: KeySettings,
    now: number,
    background: Background,
  ): Promise<Result<PublishedKeys, Denial>> {
    await this.#renew(settings, now, background);
    const first = this.#show(settings);
    if (first !== undefined) return ok(first);
    const second = (await this.#ask(settings, now)) ? this.#show(settings) : undefined;
    return second === undefined ? err(unavailable("The exchange has no keys to publish now.")) : ok(second);
  }

  /** What /healthz says about the keys. Opens every key that may still sign, so that a broken one shows before its turn. */
  async health(settings: KeySettings | undefined, now: number, background: Background): Promise<KeysHealth> {
    if (settings !== undefined) {
      await this.#renew(settings, now, background);
      await this.#openAll(settings, now);
      if (this.#copy === undefined) await this.#ask(settings, now);
    }
    const observed = { troubles: this.#troubles, broken: this.#broken, revoked: this.#revoked };
    return keysHealth(this.#copy, settings, now, observed, this.#timing);
  }

  /** Sees to it that the copy is as new as the inequalities ask, in the background while it still is. */
  async #renew(settings: KeySettings, now: number, background: Background): Promise<void> {
    const state = freshness(this.#copy, now, this.#timing);
    const mayTry =
      this.#copy === undefined || now - this.#triedAt >= RING_RETRY_SECONDS || now < this.#triedAt;
    if (state === "stale" && mayTry) await this.#refresh(settings, now);
    if (state === "ageing" && mayTry) background(this.#refresh(settings, now));
    if (this.#copy?.ring.keys.some((key) => settings.revoked.has(key.kid)) && this.#mayAsk(now)) {
      // The keeper erases the revoked key and makes a new standby without waiting for cron.
      background(this.#ask(settings, now));
    }
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
    this.#works("kv_unreadable", "kv_missing", "kv_invalid");
    return true;
  }

  /** Asks the keeper, not more often than it makes sense. @returns whether there was an answer. */
  async #ask(settings: KeySettings, now: number): Promise<boolean> {
    if (now >= this.#keeperFailedAt && now - this.#keeperFailedAt < RING_RETRY_SECONDS) return false;
    this.#askedAt = now;
    try {
      const text = await this.#ports.askKeeper(settings, now);
      if (this.#adopt(text, "keeper", now)) {
        this.#works("keeper_unreachable");
        return true;
      }
    } catch {
      // Its reason is in the keeper's own log; here it is one more source that does not answer.
    }
    this.#keeperFailedAt = now;
    return this.#fails("keeper_unreachable", now);
  }

  #mayAsk(now: number): boolean {
    return now - this.#askedAt >= RING_ASK_AGAIN_SECONDS || now < this.#askedAt;
  }

  #adopt(text: string, from: RingCopy["from"], now: number): boolean {
    const held = this.#copy;
    if (held?.text === text) {
      this.#copy = { ...held, from, readAt: now };
      return true;
    }
    const ring = this.#ports.decode(text, now);
    if (!ring.ok) return false;
    const copy = newerCopy(held, { text, ring: ring.value, readAt: now, from });
    if (copy.text === text) this.#forgetAllBut(copy);
    if (copy.ring.sequence > ring.value.sequence) this.#fails("kv_behind", now);
    else this.#works("kv_behind");
    this.#copy = copy;
    return true;
  }

  #forgetAllBut({ ring }: RingCopy): void {
    const kids = new Set(ring.keys.filter((key) => key.secret !== null).map((key) => key.kid));
    for (const kid of this.#imported.keys()) if (!kids.has(kid)) this.#imported.delete(kid);
    this.#broken.clear();
  }

  async #pick(algorithm: SvidAlgorithm, settings: KeySettings, now: number): Promise<Signer | undefined> {
    for (;;) {
      const copy = this.#copy;
      if (copy === undefined) return undefined;
      const outOfUse = new Set([...this.#revokedFrom(settings), ...this.#broken.keys()]);
      const key = signingKey(copy.ring, algorithm, now, outOfUse, this.#aged);
      if (key === undefined) return undefined;
      const imported = this.#imported.get(key.kid) ?? (await this.#import(key, copy, settings, now));
      if (imported !== undefined) {
        return { kid: key.kid, algorithm, key: imported, verifyUntil: key.verifyUntil };
      }
    }
  }

  /** Imports a key, or notes it as broken; a copy that is broken sends us to the original first. */
  async #import(
    key: RingKey<Sealed>,
    copy: RingCopy,
    settings: KeySettings,
    now: number,
  ): Promise<CryptoKey | undefined> {
    const imported = await this.#ports.importKey(key, copy.ring.sequence);
    if (imported.ok) {
      this.#imported.set(key.kid, imported.value);
      return imported.value;
    }
    if (imported.error === "seal_broken" && copy.from === "kv" && this.#mayAsk(now)) {
      await this.#ask(settings, now);
      if (this.#copy !== copy) return undefined;
    }
    this.#broken.set(key.kid, imported.error);
    return undefined;
  }

  async #openAll(settings: KeySettings, now: number): Promise<void> {
    const revoked = this.#revokedFrom(settings);
    const copy = this.#copy;
    if (copy === undefined) return;
    for (const key of copy.ring.keys) {
      const isOver = key.secret === null || now >= key.signUntil || revoked.has(key.kid);
      if (isOver || this.#imported.has(key.kid) || this.#broken.has(key.kid)) continue;
      await this.#import(key, copy, settings, now);
    }
  }

  #show(settings: KeySettings): PublishedKeys | undefined {
    if (this.#copy === undefined) return undefined;
    const revoked = this.#revokedFrom(settings);
    const [first, ...rest] = publishedKeys(this.#copy.ring, revoked).map(shown);
    if (first === undefined) return undefined;
    return { sequence: publishedSequence(this.#copy.ring, revoked), keys: [first, ...rest] };
  }

  /** Once this isolate knows a key as revoked it stays so, even if an older trust document comes along. */
  #revokedFrom(settings: KeySettings): ReadonlySet<string> {
    for (const kid of settings.revoked) this.#revoked.add(kid);
    return this.#revoked;
  }

  #fails(trouble: SourceTrouble, now: number): false {
    if (!this.#troubles.has(trouble)) this.#troubles.set(trouble, now);
    return false;
  }

  #works(...troubles: SourceTrouble[]): void {
    for (const trouble of troubles) this.#troubles.delete(trouble);
  }
}

function shown(key: RingKey<Sealed>): PublishedKey {
  const { kid, algorithm, publicJwk, publishAt, activateAt, signUntil, verifyUntil } = key;
  return { kid, algorithm, jwk: publicJwk, publishAt, activateAt, signUntil, verifyUntil };
}

function unavailable(detail: string): Denial {
  return deny("signing_keys_unavailable", detail, { retryAfter: RING_RETRY_SECONDS });
}
