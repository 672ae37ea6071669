import type { Result } from "../../../shared/result.ts";
import type { ImportFailure } from "../health/observed.ts";
import type { CachedRing } from "../ring/cached-ring.ts";
import type { RingKey, Sealed } from "../ring/ring.ts";

/** Opens a key of a ring and imports it. The imported key is not extractable. */
export type ImportKey = (key: RingKey<Sealed>, sequence: number) => Promise<Result<CryptoKey, ImportFailure>>;

/** The private keys of an isolate's ring: those that were imported, and those that could not be. */
export class ImportedKeys {
  readonly #importKey: ImportKey;
  /** The serialised ring that `#imported` and `#broken` were built from. */
  #text: string | undefined;
  readonly #imported = new Map<string, CryptoKey>();
  readonly #broken = new Map<string, ImportFailure>();

  constructor(importKey: ImportKey) {
    this.#importKey = importKey;
  }

  get broken(): ReadonlyMap<string, ImportFailure> {
    return this.#broken;
  }

  get(kid: string): CryptoKey | undefined {
    return this.#imported.get(kid);
  }

  /** Forgets what is not true of this ring: keys that it no longer has, and what was broken in another one. */
  follow({ text, ring }: CachedRing): void {
    if (text === this.#text) return;
    const able = new Set(ring.keys.filter((key) => key.secret !== null).map((key) => key.kid));
    for (const kid of this.#imported.keys()) if (!able.has(kid)) this.#imported.delete(kid);
    this.#broken.clear();
    this.#text = text;
  }

  async import(key: RingKey<Sealed>, { ring }: CachedRing): Promise<Result<CryptoKey, ImportFailure>> {
    const imported = await this.#importKey(key, ring.sequence);
    if (imported.ok) this.#imported.set(key.kid, imported.value);
    return imported;
  }

  /** Notes that a key does not open, so that nobody tries it again in this ring. */
  note(kid: string, failure: ImportFailure): void {
    this.#broken.set(kid, failure);
  }
}
