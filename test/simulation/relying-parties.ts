/** What a relying party got from a published document: the kids in it; `undefined` where it got an error. */
export type Fetch = () => Promise<ReadonlySet<string> | undefined>;

/** How a kind of relying party keeps the keys that it fetched. Times are seconds. */
export interface Habits {
  readonly name: string;
  /** Renews its keys at this age: by itself where it polls, otherwise when it next verifies. */
  readonly maxAge: number;
  readonly polls: boolean;
  /** Fetches once more for a kid that it does not know, at most once in this time. */
  readonly refetchAfter?: number;
}

/** As read in their sources: see docs/how-to/operations.md for what each means for a revocation. */
export const HABITS: readonly Habits[] = [
  { name: "jose", maxAge: 600, polls: false, refetchAfter: 30 },
  { name: "go-oidc", maxAge: Number.POSITIVE_INFINITY, polls: false, refetchAfter: 0 },
  { name: "aws-jwt-verify", maxAge: Number.POSITIVE_INFINITY, polls: false, refetchAfter: 10 },
  { name: "Envoy", maxAge: 600, polls: true },
  { name: "Istio", maxAge: 1_200, polls: true },
  { name: "SPIRE", maxAge: 75, polls: true },
  { name: "an hour", maxAge: 3_600, polls: true },
  { name: "a day", maxAge: 86_400, polls: true },
];

export class RelyingParty {
  readonly habits: Habits;
  /** Its clock's error. */
  readonly skew: number;
  readonly #fetch: Fetch;
  #kids: ReadonlySet<string> | undefined;
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;

  constructor(habits: Habits, skew: number, fetch: Fetch) {
    this.habits = habits;
    this.skew = skew;
    this.#fetch = fetch;
  }

  get hasKeys(): boolean {
    return this.#kids !== undefined;
  }

  /** Fetches; after an error it goes on with what it has. */
  async poll(now: number): Promise<void> {
    this.#triedAt = now;
    const kids = await this.#fetch();
    if (kids === undefined) return;
    this.#kids = kids;
    this.#fetchedAt = now;
  }

  /** Whether it would take a signature of this key now. */
  async trusts(kid: string, now: number): Promise<boolean> {
    if (this.#kids === undefined || this.#isOld(now)) await this.poll(now);
    if (this.#kids?.has(kid)) return true;
    const { refetchAfter } = this.habits;
    if (refetchAfter === undefined || now - this.#triedAt < refetchAfter) return false;
    await this.poll(now);
    return this.#kids?.has(kid) ?? false;
  }

  /** Whether it takes a signature of this key now, without asking anyone. */
  remembers(kid: string, now: number): boolean {
    return !this.#isOld(now) && (this.#kids?.has(kid) ?? false);
  }

  #isOld(now: number): boolean {
    return !this.habits.polls && now - this.#fetchedAt >= this.habits.maxAge;
  }
}
