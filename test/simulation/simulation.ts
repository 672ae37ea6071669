import {
  minPublicationInterval,
  minPublishSafety,
  propagationDelay,
  type RolloverIntervals,
  rolloverIntervals,
  TIMING,
  type Timing,
} from "../../shared/key-timing.ts";
import { SVID_ALGORITHMS, type SvidAlgorithm } from "../../shared/svid.ts";
import { expiry } from "../../worker/signing/mint.ts";
import { type Ring, type RingKey, type Sealed, successionOf } from "../../worker/signing/ring/ring.ts";
import type { Signer } from "../../worker/signing/sign.ts";
import { scheduleCron } from "./cron.ts";
import { disturb, type Stage } from "./incidents.ts";
import { PublishedDocuments } from "./published-documents.ts";
import { Random } from "./random.ts";
import { HABITS, type Habits, RelyingParty } from "./relying-parties.ts";
import type { Scenario, Tally } from "./scenario.ts";
import { Violation } from "./violation.ts";
import { type Isolate, inIsolate, NATURE, type Nature, START, World } from "./world.ts";

interface Svid {
  readonly kid: string;
  readonly exp: number;
}

const HOUR = 3_600;
/** How far ahead a burst of exchanges is planned, so that the caches which it meets can be filled before. */
const PLAN_AHEAD = 1_800;

/** Runs one virtual deployment. @throws Violation with the first law that does not hold. */
export async function simulate(seed: number, scenario: Scenario): Promise<Tally> {
  const simulation = new Simulation(seed, scenario);
  try {
    return await simulation.run();
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    const after = simulation.world.now - START;
    throw new Violation(
      error.law,
      `${error.message.slice(error.law.length + 2)} (seed ${seed}, ${after} s in)`,
    );
  }
}

export class Simulation implements Stage {
  readonly random: Random;
  readonly world: World;
  readonly parties: readonly RelyingParty[];
  readonly tally: Tally = { minted: 0, verified: 0, revoked: 0 };
  readonly revokedAt = new Map<string, number>();
  cronDeadUntil = 0;
  recoversUntil: number;
  readonly waitsUntil = new Map<SvidAlgorithm, number>();
  readonly #scenario: Scenario;
  readonly #nature: Nature;
  readonly #end: number;
  readonly #documents: PublishedDocuments;
  readonly #planned = new Set<string>();

  constructor(seed: number, scenario: Scenario) {
    this.random = new Random(seed);
    this.#scenario = scenario;
    this.#nature = { ...NATURE, ...scenario.nature };
    const settings = {
      rotateEverySeconds: scenario.rotateEvery,
      algorithms: SVID_ALGORITHMS,
      revoked: new Set<string>(),
    };
    const timing = scenario.timing ?? TIMING;
    this.world = new World(this.random, settings, timing, this.#nature, scenario.weakness ?? {});
    this.#documents = new PublishedDocuments(this.world, this.random);
    this.#end = START + scenario.duration;
    this.recoversUntil = START + 2 * this.intervals.publicationInterval + minPublishSafety(timing);
    const skew = this.#nature.clockSkew / 2;
    this.parties = (scenario.habits ?? HABITS)
      .filter((habits) => this.#isPromised(habits))
      .map(
        (habits) =>
          new RelyingParty(habits, this.random.pick([-skew, 0, skew]), () => this.#documents.fetch()),
      );
  }

  get intervals(): RolloverIntervals {
    return rolloverIntervals(this.world.settings.rotateEverySeconds, this.world.timing);
  }

  async run(): Promise<Tally> {
    const { world } = this;
    world.trust.write(world.settings);
    world.watch((ring) => this.#onRing(ring));
    for (const party of this.parties)
      this.#pollForEver(party, START + this.random.between(0, party.habits.maxAge));
    scheduleCron(this, this.#scenario.cron ?? "steady", START + 17 * 60);
    this.#planNext(START);
    // The first requests of a new deployment come all at once, before any cron.
    for (let i = 0; i < 5; i++) this.planBurst(START + i * this.random.between(1, 100));
    disturb(
      this,
      START + 2 * this.intervals.publicationInterval + this.intervals.publishSafety,
      this.#end,
      this.#scenario.incidents ?? [],
    );
    await world.agenda.runUntil(this.#end);
    return this.tally;
  }

  /** A burst: SVIDs minted on some isolates, and verified by everyone at their beginning, middle and end. */
  planBurst(at: number): void {
    if (at > this.#end) return;
    const ttl = this.random.pick([60, 300, this.#nature.maxTtl, this.#nature.maxTtl]);
    const times = [at, at + this.random.between(1, ttl), at + ttl + this.#nature.leeway - 1];
    for (const party of this.parties) {
      for (const time of times) this.planPoll(party, time - this.random.delay(party.habits.maxAge - 1));
    }
    const svids: Svid[] = [];
    this.world.agenda.at(at, async () => {
      for (let i = 0; i < 3; i++) svids.push(...(await this.#exchange(ttl)));
      this.#checkStandby();
    });
    for (const time of times) this.world.agenda.at(time, () => this.#verifyAll(svids));
  }

  planPoll(party: RelyingParty, at: number): void {
    if (!party.habits.polls || party.habits.maxAge >= HOUR) return;
    this.#poll(party, at);
  }

  checkTrust(party: RelyingParty, kid: string, at: number, bound: string): void {
    if (at > this.#end) return;
    this.planPoll(party, at - this.random.delay(party.habits.maxAge - 1));
    this.world.agenda.at(at, async () => {
      const { now } = this.world;
      const trusts = party.habits.polls ? party.remembers(kid, now) : await party.trusts(kid, now);
      if (trusts)
        throw new Violation("revoked is gone", `${party.habits.name} still trusts ${kid} after ${bound}`);
    });
  }

  #isPromised(habits: Habits): boolean {
    const { polls, maxAge, refetchAfter } = habits;
    const way =
      this.#nature.kvDelay + this.world.timing.staleAfter + this.#nature.maxAge + this.#nature.clockSkew;
    const isFixed = !this.#scenario.incidents?.includes("rotateEvery");
    return (
      !polls ||
      refetchAfter !== undefined ||
      maxAge <= HOUR ||
      (isFixed && this.intervals.publicationInterval >= maxAge + way)
    );
  }

  async #exchange(ttl: number): Promise<Svid[]> {
    const isolate = this.random.pick(this.world.isolates);
    const settings = this.world.settingsOf(isolate);
    const now = this.world.timeOf(isolate);
    const svids: Svid[] = [];
    for (const algorithm of settings.algorithms) {
      const signer = await inIsolate(isolate, (keys, background) =>
        keys.signer(algorithm, this.world.weakness.settings?.(settings) ?? settings, { now, background }),
      );
      if (isolate.jump !== 0) continue;
      if (!signer.ok) this.#mayRefuse(isolate, algorithm);
      else svids.push(this.#mint(signer.value, now, ttl));
    }
    return svids;
  }

  #mint({ kid, algorithm, verifyUntil }: Signer, now: number, ttl: number): Svid {
    this.tally.minted++;
    const exp = this.world.weakness.uncappedExpiry ? now + ttl : expiry(now, ttl, verifyUntil);
    const isRevoked = this.revokedAt.has(kid);
    if (exp < now + ttl && !isRevoked) {
      throw new Violation("full lifetime", `an SVID of ${ttl} s got ${exp - now} s`);
    }
    // A key without a successor signs up to its end by its signer's clock.
    const late = this.world.now < (this.waitsUntil.get(algorithm) ?? 0) ? this.#nature.clockSkew : 0;
    if (!isRevoked && this.world.now >= (this.world.endOf(kid) ?? 0) + late) {
      throw new Violation("no stray", `${kid} signs after it has stopped`);
    }
    return { kid, exp };
  }

  #mayRefuse(isolate: Isolate, algorithm: SvidAlgorithm): void {
    const isWaiting = this.world.now < (this.waitsUntil.get(algorithm) ?? 0);
    if (isWaiting || !this.world.isReachable(isolate)) return;
    throw new Violation("always signs", `an exchange for ${algorithm} was refused`);
  }

  async #verifyAll(svids: readonly Svid[]): Promise<void> {
    const { now } = this.world;
    for (const party of this.parties) {
      for (const { kid, exp } of svids) {
        if (now + party.skew >= exp + this.#nature.leeway || this.revokedAt.has(kid)) continue;
        this.tally.verified++;
        if (!party.remembers(kid, now) && !(await party.trusts(kid, now)) && party.hasKeys) {
          throw new Violation("valid until it expires", `${party.habits.name} does not know ${kid}`);
        }
      }
    }
  }

  #pollForEver(party: RelyingParty, at: number): void {
    if (!party.habits.polls || party.habits.maxAge < HOUR) return;
    this.#poll(party, at);
    this.world.agenda.at(at, () => this.#pollForEver(party, at + party.habits.maxAge));
  }

  #poll(party: RelyingParty, at: number): void {
    const ahead = this.random.delay(Math.max(this.#nature.maxAge - 1, 0));
    if (ahead > 0) {
      this.world.agenda.at(at - ahead, async () => {
        await this.#documents.fetch();
      });
    }
    this.world.agenda.at(at, () => party.poll(this.world.now));
  }

  /** Everything happens around the instants that a ring names. */
  #onRing(ring: Ring<Sealed>): void {
    for (const key of ring.keys) {
      for (const time of [key.activateAt, key.signUntil, key.verifyUntil]) this.#planAround(time);
    }
    this.#planAround(this.world.now + propagationDelay(this.world.timing));
  }

  #planAround(time: number): void {
    const name = String(time);
    if (time < this.world.now + PLAN_AHEAD || this.#planned.has(name)) return;
    this.#planned.add(name);
    const half = this.#nature.clockSkew / 2;
    this.planBurst(time + this.random.between(-half - 5, -1));
    this.planBurst(time + this.random.between(0, half));
    if (this.random.chance(0.5)) this.planBurst(time + this.random.between(half, 600));
    if (this.random.chance(0.5)) this.planBurst(time - this.random.between(1, this.#nature.maxTtl));
  }

  #planNext(at: number): void {
    this.world.agenda.at(at, () => {
      this.planBurst(at + PLAN_AHEAD + this.random.between(1, HOUR));
      if (this.random.chance(0.3)) this.world.restart(this.random.pick(this.world.isolates));
      this.#planNext(at + this.random.between(HOUR, 48 * HOUR));
    });
  }

  /** Every algorithm has a key that could take over now without anyone noticing, whichever clock is asked. */
  #checkStandby(): void {
    const { world } = this;
    const ring = world.ring;
    if (ring === undefined || world.now < this.recoversUntil || world.now < this.cronDeadUntil) return;
    const half = this.#nature.clockSkew / 2;
    for (const algorithm of world.settings.algorithms) {
      const succession = successionOf(ring.keys, algorithm);
      const ready = [-half, 0, half].every((offset) =>
        hasReadyStandby(succession, world.now + offset, world.timing),
      );
      if (!ready) throw new Violation("ready standby", `${algorithm} has no standby that everyone knows`);
    }
  }
}

/** One clock tells both which key is the active one and how long the next has been published. */
function hasReadyStandby(succession: readonly RingKey<Sealed>[], now: number, timing: Timing): boolean {
  const current = succession.findLastIndex((key) => key.activateAt <= now);
  const readyFrom = now - minPublicationInterval(timing);
  return succession.slice(current + 1).some((key) => key.secret !== null && key.publishAt <= readyFrom);
}
