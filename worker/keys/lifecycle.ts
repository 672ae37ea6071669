import {
  everyoneReads,
  leastLead,
  type RotationPlan,
  rotationPlan,
  TIMING,
  type Timing,
} from "../../shared/keys-timing.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";
import type { PublicJwk } from "./jwk.ts";
import { type KeySettings, lineOf, nextBundleSequence, type Ring, type RingKey, signingKey } from "./ring.ts";

/** A key as the generator makes it, before it has any times. */
export interface NewKey<Secret> {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly publicJwk: PublicJwk;
  readonly secret: Secret;
}

/** A place in the ring that waits for a new key. */
export interface Opening {
  readonly algorithm: SvidAlgorithm;
  readonly activateAt: number;
}

/**
 * The ring as it should be at an instant: revoked keys gone, private keys erased and public keys removed when their
 * times are over, openings filled, every key's end fitted to its successor. It depends on nothing but its arguments,
 * so a run that is missed, late, doubled or concurrent with another does no harm, and a run with nothing to do returns
 * the very ring that it was given.
 *
 * @param fresh one new key for each of the `openings` of the same ring, instant and settings.
 */
export function advance<Secret>(
  ring: Ring<Secret>,
  now: number,
  settings: KeySettings,
  fresh: readonly NewKey<Secret>[],
  timing: Timing = TIMING,
): Ring<Secret> {
  const plan = rotationPlan(settings.rotateEverySeconds, timing);
  const kept = settle(ring, now, settings, plan, timing);
  const added = place(openings(ring, now, settings, timing), fresh, now);
  const replan = ring.keys.length > 0 && ring.rotateEverySeconds !== settings.rotateEverySeconds;
  const timed = algorithmsOf([...kept, ...added]).flatMap((algorithm) => {
    const line = lineOf([...kept, ...added], algorithm);
    const wanted = settings.algorithms.includes(algorithm);
    return fitEnds(replan ? replanned(line, now, plan) : line, now, plan, wanted);
  });
  if (!replan && ring.keys.length > 0 && sameKeys(timed, ring.keys)) return ring;
  return {
    sequence: ring.sequence + 1,
    bundleSequence: bundleSequenceAfter(ring, settings.revoked, timed),
    rotateEverySeconds: settings.rotateEverySeconds,
    keys: timed,
  };
}

/** The keys that the ring lacks at an instant. Each algorithm always has one key more than the next one to sign. */
export function openings<Secret>(
  ring: Ring<Secret>,
  now: number,
  settings: KeySettings,
  timing: Timing = TIMING,
): readonly Opening[] {
  const plan = rotationPlan(settings.rotateEverySeconds, timing);
  const kept = settle(ring, now, settings, plan, timing);
  return settings.algorithms.flatMap((algorithm) =>
    openingsOf(ring, lineOf(kept, algorithm), algorithm, now, settings, timing).map((activateAt) => ({
      algorithm,
      activateAt,
    })),
  );
}

/** What time and the trust document take away: revoked keys, ended keys, the private half of those that stopped. */
function settle<Secret>(
  ring: Ring<Secret>,
  now: number,
  settings: KeySettings,
  plan: RotationPlan,
  timing: Timing,
): readonly RingKey<Secret>[] {
  return algorithmsOf(ring.keys).flatMap((algorithm) => {
    const kept = lineOf(ring.keys, algorithm)
      .filter((key) => !settings.revoked.has(key.kid) && now < key.verifyUntil)
      .map((key) => (now >= key.signUntil ? erased(key) : key));
    if (!settings.algorithms.includes(algorithm)) return windingDown(kept, now, plan, timing);
    const signs = signingKey(ring, algorithm, now, settings.revoked, leastLead(timing));
    const isGone = lineOf(ring.keys, algorithm).some((key) => settings.revoked.has(key.kid));
    const standsIn = signs !== undefined && signs.activateAt > (isGone ? now - timing.clockSkew : now);
    return standsIn ? kept.map((key) => (key === signs ? startedBy(key, now, timing) : key)) : kept;
  });
}

/** A standby that stands in for another key is the active one by every reader's clock, slow ones too. */
function startedBy<Secret>(key: RingKey<Secret>, now: number, timing: Timing): RingKey<Secret> {
  return { ...key, activateAt: now - timing.clockSkew };
}

/**
 * An algorithm that left the trust document gets no successor: where one would be due, the standbys go instead, but for
 * one that starts before every reader can know.
 */
function windingDown<Secret>(
  line: readonly RingKey<Secret>[],
  now: number,
  plan: RotationPlan,
  timing: Timing,
): readonly RingKey<Secret>[] {
  const last = line.at(-1);
  const isDue = last !== undefined && last.activateAt <= horizon(now, plan);
  const startsSoon = now + everyoneReads(timing) + timing.clockSkew;
  return isDue ? line.filter((key) => key.activateAt <= startsSoon) : line;
}

function openingsOf<Secret>(
  ring: Ring<Secret>,
  kept: readonly RingKey<Secret>[],
  algorithm: SvidAlgorithm,
  now: number,
  settings: KeySettings,
  timing: Timing,
): readonly number[] {
  const plan = rotationPlan(settings.rotateEverySeconds, timing);
  const before = lineOf(ring.keys, algorithm);
  const able = kept.filter((key) => key.secret !== null);
  const times: number[] = [];
  if (able.length === 0) {
    // An algorithm that is new, or comes back, can wait until relying parties know its key. The first ring can't, nor
    // a line whose keys are revoked, lost or, for want of cron, out of time.
    const isIdle = before.every((key) => now >= key.signUntil && !endedForWantOfCron(key, timing));
    times.push(ring.keys.length > 0 && isIdle ? now + plan.lead : now - timing.clockSkew);
  } else if (before.some((key) => settings.revoked.has(key.kid))) {
    // A relying party that refetches only for an unknown kid keeps the revoked key until it meets one: this one.
    times.push(now + plan.lead);
  }
  let last = Math.max(...able.map((key) => key.activateAt), ...times);
  while (last < horizon(now, plan)) {
    last = Math.max(last + plan.period, now + plan.lead);
    times.push(last);
  }
  return times;
}

function endedForWantOfCron<Secret>(key: RingKey<Secret>, timing: Timing): boolean {
  return key.signUntil - key.activateAt >= timing.deadCronGrace;
}

/** A key that becomes active before this instant must have a successor in the ring. */
function horizon(now: number, plan: RotationPlan): number {
  return now + plan.lead + plan.margin;
}

function place<Secret>(
  places: readonly Opening[],
  fresh: readonly NewKey<Secret>[],
  now: number,
): readonly RingKey<Secret>[] {
  const left = [...fresh];
  return places.map(({ algorithm, activateAt }) => {
    const at = left.findIndex((key) => key.algorithm === algorithm);
    const [key] = at < 0 ? [] : left.splice(at, 1);
    if (key === undefined) throw new Error(`no new key for an opening of ${algorithm}`);
    return { ...key, publishAt: now, activateAt, signUntil: activateAt, verifyUntil: activateAt };
  });
}

/**
 * The starts of the standbys under another `rotateEvery`. One that comes earlier than planned leaves time for its own
 * standby to be published and known before.
 */
function replanned<Secret>(
  line: readonly RingKey<Secret>[],
  now: number,
  plan: RotationPlan,
): readonly RingKey<Secret>[] {
  let previous: number | undefined;
  return line.map((key) => {
    const start = previous;
    const moved =
      key.activateAt <= now || start === undefined ? key.activateAt : restart(key, start, now, plan);
    previous = moved;
    return moved === key.activateAt ? key : { ...key, activateAt: moved };
  });
}

function restart<Secret>(key: RingKey<Secret>, previous: number, now: number, plan: RotationPlan): number {
  const wanted = Math.max(previous + plan.period, key.publishAt + plan.lead);
  if (wanted >= key.activateAt) return wanted;
  return Math.min(key.activateAt, Math.max(wanted, horizon(now, plan)));
}

/** A key signs until its successor is in use everywhere, and verifies until nothing that it signed is valid. */
function fitEnds<Secret>(
  line: readonly RingKey<Secret>[],
  now: number,
  plan: RotationPlan,
  wanted: boolean,
): readonly RingKey<Secret>[] {
  return line.map((key, index) => {
    const successor = line[index + 1];
    const due =
      successor === undefined ? endOfLast(key, now, plan, wanted) : successor.activateAt + plan.overlap;
    const end = key.secret === null ? Math.min(due, key.signUntil) : due;
    if (end === key.signUntil) return key;
    return { ...key, signUntil: end, verifyUntil: end + plan.retention };
  });
}

function endOfLast<Secret>(key: RingKey<Secret>, now: number, plan: RotationPlan, wanted: boolean): number {
  if (wanted) return key.activateAt + plan.lifeWithoutSuccessor;
  return Math.min(key.signUntil, Math.max(key.activateAt + plan.period, now) + plan.overlap);
}

function erased<Secret>(key: RingKey<Secret>): RingKey<Secret> {
  return key.secret === null ? key : { ...key, secret: null };
}

function algorithmsOf<Secret>(keys: readonly RingKey<Secret>[]): readonly SvidAlgorithm[] {
  return [...new Set(keys.map((key) => key.algorithm))].sort();
}

function sameKeys<Secret>(a: readonly RingKey<Secret>[], b: readonly RingKey<Secret>[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key));
}

/** The bundle sequence of a changed ring, from what readers made of the one before: it changes as the kids do. */
export function bundleSequenceAfter(
  before: Ring<unknown>,
  revoked: ReadonlySet<string>,
  after: readonly RingKey<unknown>[],
): number {
  const shown = before.keys.filter((key) => !revoked.has(key.kid)).map((key) => key.kid);
  const readersSequence = before.bundleSequence + before.keys.length - shown.length;
  const same = shown.length === after.length && after.every((key) => shown.includes(key.kid));
  return same ? readersSequence : nextBundleSequence(readersSequence);
}
