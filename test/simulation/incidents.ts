import { minPublishSafety, type RolloverIntervals } from "../../shared/key-timing.ts";
import { rotationProblem } from "../../shared/rotate-every.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";
import { signingKey } from "../../worker/signing/ring/signing-key.ts";
import type { Random } from "./random.ts";
import type { RelyingParty } from "./relying-parties.ts";
import { LOCATIONS, NOTHING_DOWN, type World } from "./world.ts";

/** What an incident may touch of a stage, and what it has to announce to the laws. */
export interface Stage {
  readonly world: World;
  readonly random: Random;
  readonly intervals: RolloverIntervals;
  readonly parties: readonly RelyingParty[];
  readonly tally: { revoked: number };
  readonly revokedAt: Map<string, number>;
  /** No cron before this instant. */
  cronDeadUntil: number;
  /** The standby law is suspended until this instant: something took a standby away, and time has to pass. */
  recoversUntil: number;
  /** Exchanges with an algorithm may be refused until this instant. */
  readonly waitsUntil: Map<SvidAlgorithm, number>;
  /** SVIDs are minted at this instant and verified by everyone until they expire. */
  planBurst(at: number): void;
  /** The relying party must have forgotten the key at this instant. */
  checkTrust(party: RelyingParty, kid: string, at: number, bound: string): void;
}

/** What may befall a deployment, one at a time: the laws hold through each, and again before the next. */
export const INCIDENTS = [
  "revocation",
  "kvOutage",
  "writeOutage",
  "keeperOutage",
  "bothOut",
  "cronDead",
  "sealingKey",
  "rotateEvery",
  "algorithm",
  "storageLost",
  "forgery",
  "keeperClock",
  "isolateClock",
  "mistimedRun",
  "allClocks",
] as const;

export type Incident = (typeof INCIDENTS)[number];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Schedules incidents from `start` to `end`. */
export function disturb(stage: Stage, start: number, end: number, incidents: readonly Incident[]): void {
  if (incidents.length === 0 || start > end) return;
  stage.world.agenda.at(start, () => {
    const over = HAPPENS[stage.random.pick(incidents)](stage);
    const { publicationInterval, publishSafety, keyLifetime } = stage.intervals;
    const safety = Math.min(publishSafety, keyLifetime) + minPublishSafety(stage.world.timing);
    const next = over + 2 * publicationInterval + safety + stage.random.between(0, keyLifetime);
    disturb(stage, next, end, incidents);
  });
}

/** What an outage takes down, and for how many seconds at most. */
interface Outage {
  readonly longest: number;
  readonly keeper?: boolean;
  readonly kvWrites?: boolean;
  /** Reads of KV in every location, or, as likely as not, in one only. */
  readonly kvReads?: "everywhere" | "somewhere";
}

const OUTAGES = {
  kvOutage: { longest: 6 * HOUR, kvReads: "somewhere" },
  writeOutage: { longest: 12 * HOUR, kvWrites: true },
  keeperOutage: { longest: 2 * HOUR, keeper: true },
  bothOut: { longest: 2 * HOUR, keeper: true, kvWrites: true, kvReads: "everywhere" },
} as const satisfies Partial<Record<Incident, Outage>>;

/** Each starts an incident, now or soon, and returns when it will be over. */
const HAPPENS: Readonly<Record<Incident, (stage: Stage) => number>> = {
  revocation: revoke,
  kvOutage: (stage) => outage(stage, OUTAGES.kvOutage),
  writeOutage: (stage) => outage(stage, OUTAGES.writeOutage),
  keeperOutage: (stage) => outage(stage, OUTAGES.keeperOutage),
  bothOut: (stage) => outage(stage, OUTAGES.bothOut),
  cronDead: (stage) => {
    const { random, world } = stage;
    stage.cronDeadUntil = world.now + random.between(HOUR, 20 * DAY);
    return recovers(stage, stage.cronDeadUntil);
  },
  sealingKey: changeSealingKey,
  rotateEvery: (stage) => {
    const { random, world } = stage;
    const choices = [5, 6, 9, 13, 25, 31, 49, 7 * 24].map((hours) => hours * HOUR);
    const rotateEverySeconds = random.pick(
      choices.filter((choice) => !rotationProblem(choice, world.timing)),
    );
    world.apply({ ...world.settings, rotateEverySeconds });
    return recovers(stage, world.now);
  },
  algorithm: (stage) => {
    const { random, world } = stage;
    const both = world.settings.algorithms;
    const dropped = random.pick(both);
    world.apply({ ...world.settings, algorithms: both.filter((algorithm) => algorithm !== dropped) });
    stage.waitsUntil.set(dropped, Number.POSITIVE_INFINITY);
    const back = world.now + random.between(MINUTE, 10 * DAY);
    const wait =
      world.nature.kvDelay +
      world.nature.trustRefresh +
      minPublishSafety(world.timing) +
      stage.intervals.publicationInterval;
    world.agenda.at(back, () => {
      world.apply({ ...world.settings, algorithms: both });
      stage.waitsUntil.set(dropped, back + wait + HOUR);
    });
    return recovers(stage, back + wait + HOUR);
  },
  storageLost: (stage) => {
    const { world } = stage;
    // What was written in the last moments is not in every location's KV yet, the keeper's included.
    if (world.now - world.ringInKv.writtenAt > world.nature.kvDelay && world.state?.pending === null) {
      world.state = undefined;
    }
    return world.now;
  },
  forgery: (stage) => {
    const { random, world } = stage;
    world.forge();
    for (const after of [1, 100, 400, 1_000]) stage.planBurst(world.now + random.between(0, after));
    return world.now + minPublishSafety(world.timing) + 2 * world.nature.kvDelay;
  },
  keeperClock: (stage) => {
    const { random, world } = stage;
    world.keeperJump = jumpOf(random);
    const over = world.now + random.between(MINUTE, 2 * DAY);
    world.agenda.at(over, () => {
      world.keeperJump = 0;
    });
    for (let i = 0; i < 4; i++) stage.planBurst(world.now + random.between(0, over - world.now));
    return recovers(stage, over);
  },
  isolateClock: (stage) => {
    const { random, world } = stage;
    const isolate = random.pick(world.isolates);
    isolate.jump = jumpOf(random);
    const over = world.now + random.between(MINUTE, 2 * DAY);
    world.agenda.at(over, () => {
      isolate.jump = 0;
    });
    for (let i = 0; i < 8; i++) stage.planBurst(over + random.between(0, 30 * MINUTE));
    return recovers(stage, over);
  },
  mistimedRun: (stage) => {
    const { random, world } = stage;
    world.agenda.at(world.now + 1, () => world.runMistimed(jumpOf(random)));
    for (let i = 0; i < 4; i++) stage.planBurst(world.now + random.between(2, 8 * HOUR));
    return recovers(stage, world.now + world.timing.clockSettling);
  },
  allClocks: (stage) => {
    const { random, world } = stage;
    // Clocks that are wrong alike, by less than missed runs explain, are not told from right ones.
    const least = minPublishSafety(world.timing) + HOUR;
    const jump = jumpOf(random, least);
    Object.assign(world, { keeperJump: jump, cronJump: jump });
    const over = world.now + random.between(MINUTE, world.timing.clockSettling - 4 * HOUR);
    world.agenda.at(over, () => {
      Object.assign(world, { keeperJump: 0, cronJump: 0 });
    });
    for (let i = 0; i < 8; i++) stage.planBurst(world.now + random.between(0, over - world.now + 4 * HOUR));
    return recovers(stage, over + world.timing.clockSettling);
  },
};

/** By how much a clock jumps, in seconds: minutes to a year, ahead or back. */
function jumpOf(random: Random, least = 5 * MINUTE): number {
  const most = random.pick([HOUR, 4 * HOUR, DAY, 8 * DAY, 50 * DAY, 365 * DAY]);
  return random.pick([-1, 1]) * random.between(least, Math.max(least, most));
}

function outage(stage: Stage, { longest, keeper = false, kvWrites = false, kvReads }: Outage): number {
  const { random, world } = stage;
  const hit = kvReads === undefined ? [] : locationsHit(random, kvReads);
  const over = world.now + random.between(MINUTE, longest);
  world.down = { keeper, kvWrites, kvReads: new Set(hit) };
  world.agenda.at(over, () => {
    world.down = NOTHING_DOWN;
  });
  for (let i = 0; i < 4; i++) stage.planBurst(world.now + random.between(0, over - world.now));
  stage.planBurst(over + random.between(0, 600));
  return recovers(stage, over);
}

function locationsHit(random: Random, kvReads: "everywhere" | "somewhere"): readonly number[] {
  const all = [...Array(LOCATIONS).keys()];
  return kvReads === "everywhere" || random.chance(0.5) ? all : [random.pick(all)];
}

/** The standby laws hold again once cron has run and a new key is ready. */
function recovers(stage: Stage, over: number): number {
  const { publicationInterval, publishSafety } = stage.intervals;
  const until = over + 2 * publicationInterval + publishSafety + minPublishSafety(stage.world.timing) + HOUR;
  stage.recoversUntil = Math.max(stage.recoversUntil, until);
  return over;
}

/** A deployment reaches each isolate, and the keeper, some time within `deployDelay`. */
function changeSealingKey(stage: Stage): number {
  const { random, world } = stage;
  const [old] = world.keeperSecrets;
  const next = `${old}x`;
  const deploy = (secrets: readonly [string, ...string[]], from: number): void => {
    for (const isolate of world.isolates) {
      // Until its turn comes, an isolate may as well start cold with the secrets from before.
      world.agenda.at(from + random.between(0, world.nature.deployDelay), () => world.restart(isolate));
      world.agenda.at(from + random.delay(world.nature.deployDelay), () => {
        isolate.secrets = secrets;
        world.restart(isolate);
      });
    }
    world.agenda.at(from + random.delay(world.nature.deployDelay), () => {
      world.keeperSecrets = secrets;
    });
  };
  deploy([next, old], world.now);
  world.agenda.at(world.now + random.between(0, world.nature.deployDelay), () => world.cron());
  // The former secret goes once /healthz shows that every key is sealed under the new one, as the operations page says.
  const dropOld = (): void => {
    const isSealed = world.ring?.keys.every(({ secret }) => secret === null || secret.kek === next);
    if (isSealed) deploy([next], world.now + world.nature.kvDelay);
    else world.agenda.at(world.now + HOUR, dropOld);
  };
  world.agenda.at(world.now + world.timing.deploymentDelay, dropOld);
  // A jump of the clocks just before delays it by a day.
  const { deploymentDelay, clockSettling } = world.timing;
  const over = world.now + deploymentDelay + clockSettling + 2 * minPublishSafety(world.timing) + 3 * HOUR;
  for (let i = 0; i < 8; i++) stage.planBurst(world.now + i * random.between(60, world.nature.deployDelay));
  stage.planBurst(over + random.between(0, HOUR));
  return over;
}

/** Revokes a key, as often as not right after its first signature, when its successor has had the least time. */
function revoke(stage: Stage): number {
  const { random, world } = stage;
  const algorithm = random.pick(world.settings.algorithms);
  const soon = world.now + HOUR;
  const starts = (world.ring?.keys ?? []).filter(
    (key) => key.algorithm === algorithm && key.activateAt > soon,
  );
  const nextStart = Math.min(...starts.map((key) => key.activateAt));
  const isNear = nextStart < soon + stage.intervals.keyLifetime + DAY;
  const at = isNear && random.chance(0.7) ? nextStart + random.between(1, 600) : soon;
  for (const after of [3, 60, 200, 400, 1_000, 4_000]) stage.planBurst(at + after);
  world.agenda.at(at, () => {
    const ring = world.ring;
    const signing = ring && signingKey(ring, algorithm, world.now, world.settings.revoked, 0);
    const target = random.chance(0.8) || ring === undefined ? signing : random.pick(ring.keys);
    if (target === undefined) return;
    stage.tally.revoked++;
    stage.revokedAt.set(target.kid, world.now);
    world.apply({ ...world.settings, revoked: new Set([...world.settings.revoked, target.kid]) });
    expectGone(stage, target.kid);
  });
  return recovers(stage, at);
}

/** When each relying party has forgotten a revoked key, counted from the write of the trust document. */
function expectGone(stage: Stage, kid: string): void {
  const { world } = stage;
  const { kvDelay, trustRefresh, maxAge, clockSkew } = world.nature;
  const published = world.now + kvDelay + trustRefresh + maxAge;
  // The new key that a relying party without an age limit has to meet, before it asks for keys again.
  const met =
    world.now +
    kvDelay +
    trustRefresh +
    minPublishSafety(world.timing) +
    stage.intervals.publicationInterval +
    kvDelay +
    world.timing.staleAfter +
    clockSkew;
  stage.planBurst(met);
  for (const party of stage.parties) {
    const { name, maxAge: age } = party.habits;
    const isEndless = !Number.isFinite(age);
    const at = isEndless ? met + 30 : published + age + 1;
    stage.checkTrust(party, kid, at, `${at - world.now} s (${name})`);
  }
}
