import { type Denial, deny } from "../../../shared/denial.ts";
import { minPublicationInterval, TIMING, type Timing } from "../../../shared/key-timing.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { RING_RETRY_SECONDS } from "../../limits.ts";
import type { Background } from "../../moment.ts";
import type { PublishedKey, PublishedKeys } from "../documents.ts";
import { type KeysHealth, keysHealth } from "../health/health.ts";
import type { ImportTrouble } from "../health/reports.ts";
import type { RingCopy } from "../ring/cached-ring.ts";
import {
  type KeySettings,
  lineOf,
  publishedKeys,
  publishedSequence,
  type RingKey,
  signingKey,
} from "../ring/ring.ts";
import type { Sealed } from "../seal.ts";
import { RingSource, type SourcePorts } from "./ring-cache.ts";

/** What signs an SVID. The key is not extractable. */
export interface Signer {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly key: CryptoKey;
  /** Unix seconds until which the key stays published. */
  readonly verifyUntil: number;
}

/** The ring's sources, and what turns a stored key into one that signs. */
export interface ReaderPorts extends SourcePorts {
  importKey(key: RingKey<Sealed>, sequence: number): Promise<Result<CryptoKey, ImportTrouble>>;
}

/** An isolate's signing keys: its copy of the ring, and the keys of it that were imported. */
export class SigningKeys {
  readonly #ports: ReaderPorts;
  readonly #timing: Timing;
  readonly #source: RingSource;
  /** Seconds from the publication of a key to ready (RFC 7583 §3.1): every relying party knows it then. */
  readonly #readyAfter: number;
  /** The text of the ring that the next two are of. */
  #text: string | undefined;
  readonly #imported = new Map<string, CryptoKey>();
  readonly #broken = new Map<string, ImportTrouble>();
  readonly #revoked = new Set<string>();

  constructor(ports: ReaderPorts, timing: Timing = TIMING) {
    this.#ports = ports;
    this.#timing = timing;
    this.#source = new RingSource(ports, timing);
    this.#readyAfter = minPublicationInterval(timing);
  }

  /** The key that signs now. A warm call reads nothing. */
  async signer(
    algorithm: SvidAlgorithm,
    settings: KeySettings,
    now: number,
    background: Background,
  ): Promise<Result<Signer, Denial>> {
    await this.#source.renew(settings, now, background);
    const signer = await this.#pick(algorithm, settings, now);
    if (signer !== undefined) return ok(signer);
    // The keeper has the original, perhaps newer or undamaged, and makes a ring or a key where there is none.
    if (await this.#source.consult(settings, now)) {
      const second = await this.#pick(algorithm, settings, now);
      if (second !== undefined) return ok(second);
    }
    return err(this.#cannotSign(algorithm, now));
  }

  /** An algorithm's first key is made known for hours before it signs; that wait has an end that can be told. */
  #cannotSign(algorithm: SvidAlgorithm, now: number): Denial {
    const first = lineOf(this.#source.copy?.ring.keys ?? [], algorithm)[0];
    if (first === undefined || first.activateAt <= now) {
      return unavailable(`No key of this exchange can sign ${algorithm} now.`);
    }
    const from = new Date(first.activateAt * 1000).toISOString();
    return unavailable(
      `${algorithm} is new here: its first key signs from ${from} on.`,
      first.activateAt - now,
    );
  }

  /** The keys that verify now, for the published documents. Never an empty set. */
  async published(
    settings: KeySettings,
    now: number,
    background: Background,
  ): Promise<Result<PublishedKeys, Denial>> {
    await this.#source.renew(settings, now, background);
    const first = this.#show(settings);
    if (first !== undefined) return ok(first);
    const second = (await this.#source.consult(settings, now)) ? this.#show(settings) : undefined;
    return second === undefined ? err(unavailable("The exchange has no keys to publish now.")) : ok(second);
  }

  /** What /healthz says about the keys. Opens every key that may still sign, so that a broken one shows before its turn. */
  async health(settings: KeySettings | undefined, now: number, background: Background): Promise<KeysHealth> {
    if (settings !== undefined) {
      await this.#source.renew(settings, now, background);
      await this.#openAll(settings, now);
    }
    const { copy, troubles } = this.#source;
    const observed = { troubles, broken: this.#broken, revoked: this.#revoked };
    return keysHealth(copy, settings, now, observed, this.#timing);
  }

  async #pick(algorithm: SvidAlgorithm, settings: KeySettings, now: number): Promise<Signer | undefined> {
    for (;;) {
      const copy = this.#follow();
      if (copy === undefined) return undefined;
      const outOfUse = new Set([...this.#revokedFrom(settings), ...this.#broken.keys()]);
      const key = signingKey(copy.ring, algorithm, now, outOfUse, this.#readyAfter);
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
    if (imported.error === "seal_broken" && (await this.#source.replace(copy, settings, now)))
      return undefined;
    this.#broken.set(key.kid, imported.error);
    return undefined;
  }

  async #openAll(settings: KeySettings, now: number): Promise<void> {
    const revoked = this.#revokedFrom(settings);
    const copy = this.#follow();
    if (copy === undefined) return;
    for (const key of copy.ring.keys) {
      const isOver = key.secret === null || now >= key.signUntil || revoked.has(key.kid);
      if (isOver || this.#imported.has(key.kid) || this.#broken.has(key.kid)) continue;
      await this.#import(key, copy, settings, now);
    }
  }

  #show(settings: KeySettings): PublishedKeys | undefined {
    const { copy } = this.#source;
    if (copy === undefined) return undefined;
    const revoked = this.#revokedFrom(settings);
    const [first, ...rest] = publishedKeys(copy.ring, revoked).map(shown);
    if (first === undefined) return undefined;
    return { sequence: publishedSequence(copy.ring, revoked), keys: [first, ...rest] };
  }

  /** The copy, after what was imported or broken in another one is forgotten. */
  #follow(): RingCopy | undefined {
    const { copy } = this.#source;
    if (copy === undefined || copy.text === this.#text) return copy;
    const able = new Set(copy.ring.keys.filter((key) => key.secret !== null).map((key) => key.kid));
    for (const kid of this.#imported.keys()) if (!able.has(kid)) this.#imported.delete(kid);
    this.#broken.clear();
    this.#text = copy.text;
    return copy;
  }

  /** Once this isolate knows a key as revoked it stays so, even if an older trust document comes along. */
  #revokedFrom(settings: KeySettings): ReadonlySet<string> {
    for (const kid of settings.revoked) this.#revoked.add(kid);
    return this.#revoked;
  }
}

function shown(key: RingKey<Sealed>): PublishedKey {
  const { kid, algorithm, publicJwk, publishAt, activateAt, signUntil, verifyUntil } = key;
  return { kid, algorithm, jwk: publicJwk, publishAt, activateAt, signUntil, verifyUntil };
}

function unavailable(detail: string, retryAfter = RING_RETRY_SECONDS): Denial {
  return deny("signing_keys_unavailable", detail, { retryAfter });
}
