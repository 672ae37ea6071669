import type { Random } from "./random.ts";
import { Violation } from "./violation.ts";
import { inIsolate, type World } from "./world.ts";

/** The published documents as relying parties get them, with the laws that hold for them. */
export class PublishedDocuments {
  readonly #world: World;
  readonly #random: Random;
  readonly #caches: { kids: ReadonlySet<string>; filledAt: number }[] = [];
  readonly #contents = new Map<number, string>();
  readonly #sets = new Map<string, ReadonlySet<string>>();

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** What a relying party gets: from an isolate, or from a shared cache in between. */
  async fetch(): Promise<ReadonlySet<string> | undefined> {
    const cache = this.#random.chance(0.7) ? this.#random.between(0, 2) : undefined;
    const cached = cache === undefined ? undefined : this.#caches[cache];
    if (cached !== undefined && this.#world.now - cached.filledAt < this.#world.nature.maxAge)
      return cached.kids;
    const kids = await this.#serve();
    if (kids !== undefined && cache !== undefined) this.#caches[cache] = { kids, filledAt: this.#world.now };
    return kids;
  }

  async #serve(): Promise<ReadonlySet<string> | undefined> {
    const isolate = this.#random.pick(this.#world.isolates);
    const given = this.#world.settingsOf(isolate);
    const settings = this.#world.weakness.settings?.(given) ?? given;
    const now = this.#world.timeOf(isolate);
    const published = await inIsolate(isolate, (keys, background) =>
      keys.published(settings, { now, background }),
    );
    if (!published.ok) {
      if (this.#world.isReachable(isolate)) throw new Violation("always publishes", "no keys were published");
      return undefined;
    }
    const { sequence, keys } = published.value;
    const forged = keys.find(({ kid }) => !this.#world.made(kid));
    if (forged !== undefined) throw new Violation("nothing forged", `${forged.kid} is not the keeper's`);
    if (sequence < isolate.lastSequence)
      throw new Violation("sequence rises", `${sequence} after a later one`);
    isolate.lastSequence = sequence;
    const content = keys
      .map(({ kid }) => kid)
      .sort()
      .join();
    const known = this.#contents.get(sequence) ?? content;
    if (known !== content)
      throw new Violation("sequence names content", `${sequence} names two sets of keys`);
    this.#contents.set(sequence, content);
    const kids = this.#sets.get(content) ?? new Set(keys.map(({ kid }) => kid));
    this.#sets.set(content, kids);
    return kids;
  }
}
