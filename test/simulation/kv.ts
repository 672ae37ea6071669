import type { Agenda } from "./agenda.ts";
import type { Random } from "./random.ts";

/**
 * One value in Workers KV, as a location sees it: any state of the last `delay` seconds, the one before the first write
 * among them, and not always a later one after an earlier one.
 */
export class StaleValue<T> {
  readonly #writes: { at: number; value: T }[] = [];
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #delay: number;

  constructor(agenda: Agenda, random: Random, delay: number) {
    this.#agenda = agenda;
    this.#random = random;
    this.#delay = delay;
  }

  write(value: T): void {
    this.#writes.push({ at: this.#agenda.now, value });
  }

  read(): T | null {
    const asOf = this.#agenda.now - this.#random.delay(this.#delay);
    return this.#writes.findLast(({ at }) => at <= asOf)?.value ?? null;
  }

  /** When the value was last written, if ever. */
  get writtenAt(): number {
    return this.#writes.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  }
}
