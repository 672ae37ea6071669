import { type Denial, deny } from "../../../shared/denial.ts";
import { minPublicationInterval, TIMING, type Timing } from "../../../shared/key-timing.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { formatInstant } from "../../../shared/time.ts";
import { RING_RETRY_SECONDS } from "../../limits.ts";
import type { Moment } from "../../moment.ts";
import type { PublishedKey, PublishedKeys } from "../documents.ts";
import { type KeysHealth, keysHealth } from "../health/health.ts";
import type { CachedRing } from "../ring/cached-ring.ts";
import { publishedKeys, publishedSequence } from "../ring/published-keys.ts";
import { type KeySettings, type RingKey, type Sealed, successionOf } from "../ring/ring.ts";
import { signingKey } from "../ring/signing-key.ts";
import type { Signer } from "../sign.ts";
import { ImportedKeys, type ImportKey } from "./imported-keys.ts";
import { RingCache, type RingSources } from "./ring-cache.ts";

/** The ring's sources, and what turns a stored key into one that signs. */
export interface SigningKeysPorts extends RingSources {
  readonly importKey: ImportKey;
}

/** An isolate's signing keys: its cached ring, and the keys of it that were imported. */
export class SigningKeys {
  readonly #timing: Timing;
  readonly #ring: RingCache;
  readonly #imported: ImportedKeys;
  readonly #revoked = new Set<string>();
  /** Seconds from the publication of a key to ready (RFC 7583 §3.1): every relying party knows it then. */
  readonly #readyAfter: number;

  constructor(ports: SigningKeysPorts, timing: Timing = TIMING) {
    this.#timing = timing;
    this.#ring = new RingCache(ports, timing);
    this.#imported = new ImportedKeys(ports.importKey);
    this.#readyAfter = minPublicationInterval(timing);
  }

  /** The key that signs now. A warm call reads nothing. */
  async signer(
    algorithm: SvidAlgorithm,
    settings: KeySettings,
    moment: Moment,
  ): Promise<Result<Signer, Denial>> {
    const { now } = moment;
    await this.#ring.refresh(settings, moment);
    const signer = await this.#pick(algorithm, settings, now);
    if (signer !== undefined) return ok(signer);
    // The keeper has the original, perhaps newer or undamaged, and makes a ring or a key where there is none.
    if (await this.#ring.consult(settings, now)) {
      const second = await this.#pick(algorithm, settings, now);
      if (second !== undefined) return ok(second);
    }
    return err(this.#cannotSign(algorithm, now));
  }

  /** The keys that verify now, for the published documents. Never an empty set. */
  async published(settings: KeySettings, moment: Moment): Promise<Result<PublishedKeys, Denial>> {
    await this.#ring.refresh(settings, moment);
    const first = this.#show(settings);
    if (first !== undefined) return ok(first);
    const second = (await this.#ring.consult(settings, moment.now)) ? this.#show(settings) : undefined;
    return second === undefined ? err(unavailable("The exchange has no keys to publish now.")) : ok(second);
  }

  /** What /healthz says about the keys. Opens every key that may still sign, so that a broken one shows before it is active. */
  async health(settings: KeySettings | undefined, moment: Moment): Promise<KeysHealth> {
    const { now } = moment;
    if (settings !== undefined) {
      await this.#ring.refresh(settings, moment);
      await this.#openAll(settings, now);
    }
    const { cached, failures } = this.#ring;
    const observed = { failures, broken: this.#imported.broken, revoked: this.#revoked };
    return keysHealth(cached, settings, now, observed, this.#timing);
  }

  async #pick(algorithm: SvidAlgorithm, settings: KeySettings, now: number): Promise<Signer | undefined> {
    for (;;) {
      const cached = this.#follow();
      if (cached === undefined) return undefined;
      const outOfUse = new Set([...this.#revokedFrom(settings), ...this.#imported.broken.keys()]);
      const key = signingKey(cached.ring, algorithm, now, outOfUse, this.#readyAfter);
      if (key === undefined) return undefined;
      const imported = this.#imported.get(key.kid) ?? (await this.#import(key, cached));
      if (imported !== undefined) {
        return { kid: key.kid, algorithm, key: imported, verifyUntil: key.verifyUntil };
      }
    }
  }

  /** Imports a key, or notes it as broken. */
  async #import(key: RingKey<Sealed>, cached: CachedRing): Promise<CryptoKey | undefined> {
    const imported = await this.#imported.import(key, cached);
    if (imported.ok) return imported.value;
    this.#imported.note(key.kid, imported.error);
    return undefined;
  }

  async #openAll(settings: KeySettings, now: number): Promise<void> {
    const revoked = this.#revokedFrom(settings);
    const cached = this.#follow();
    if (cached === undefined) return;
    for (const key of cached.ring.keys) {
      const isOver = key.secret === null || now >= key.signUntil || revoked.has(key.kid);
      if (isOver || this.#imported.get(key.kid) !== undefined || this.#imported.broken.has(key.kid)) continue;
      await this.#import(key, cached);
    }
  }

  #show(settings: KeySettings): PublishedKeys | undefined {
    const { cached } = this.#ring;
    if (cached === undefined) return undefined;
    const revoked = this.#revokedFrom(settings);
    const [first, ...rest] = publishedKeys(cached.ring, revoked).map(shown);
    if (first === undefined) return undefined;
    return { sequence: publishedSequence(cached.ring, revoked), keys: [first, ...rest] };
  }

  #follow(): CachedRing | undefined {
    const { cached } = this.#ring;
    if (cached !== undefined) this.#imported.follow(cached);
    return cached;
  }

  /** Once this isolate knows a key as revoked it stays so, even if an older trust document comes along. */
  #revokedFrom(settings: KeySettings): ReadonlySet<string> {
    for (const kid of settings.revoked) this.#revoked.add(kid);
    return this.#revoked;
  }

  /** An algorithm's first key is published for hours before it signs; the answer says when that wait ends. */
  #cannotSign(algorithm: SvidAlgorithm, now: number): Denial {
    const first = successionOf(this.#ring.cached?.ring.keys ?? [], algorithm)[0];
    if (first === undefined || first.activateAt <= now) {
      return unavailable(`No key of this exchange can sign ${algorithm} now.`);
    }
    return unavailable(
      `${algorithm} is new here: its first key signs from ${formatInstant(first.activateAt)} on.`,
      first.activateAt - now,
    );
  }
}

function shown({ kid, algorithm, publicJwk }: RingKey<Sealed>): PublishedKey {
  return { kid, algorithm, jwk: publicJwk };
}

function unavailable(detail: string, retryAfter = RING_RETRY_SECONDS): Denial {
  return deny("signing_keys_unavailable", detail, { retryAfter });
}
