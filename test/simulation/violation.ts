/** A law that does not hold, and the seed that shows it. */
export class Violation extends Error {
  readonly law: string;

  constructor(law: string, detail: string) {
    super(`${law}: ${detail}`);
    this.law = law;
  }
}
