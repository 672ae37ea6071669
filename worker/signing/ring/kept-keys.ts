import {
  minPublicationInterval,
  propagationDelay,
  type RolloverIntervals,
  rolloverIntervals,
  type Timing,
} from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { type KeySettings, lineOf, type Ring, type RingKey, signingKey } from "./ring.ts";

/** What time and the trust document take away: revoked keys, ended keys, the private half of those that stopped. */
export function settle<Secret>(
  ring: Ring<Secret>,
  now: number,
  settings: KeySettings,
  timing: Timing,
): readonly RingKey<Secret>[] {
  const intervals = rolloverIntervals(settings.rotateEverySeconds, timing);
  return algorithmsOf(ring.keys).flatMap((algorithm) => {
    const kept = lineOf(ring.keys, algorithm)
      .filter((key) => !settings.revoked.has(key.kid) && now < key.verifyUntil)
      .map((key) => (now >= key.signUntil ? erased(key) : key));
    if (!settings.algorithms.includes(algorithm)) return windingDown(kept, now, intervals, timing);
    const signs = signingKey(ring, algorithm, now, settings.revoked, minPublicationInterval(timing));
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
  intervals: RolloverIntervals,
  timing: Timing,
): readonly RingKey<Secret>[] {
  const last = line.at(-1);
  const isDue = last !== undefined && last.activateAt <= horizon(now, intervals);
  const startsSoon = now + propagationDelay(timing) + timing.clockSkew;
  return isDue ? line.filter((key) => key.activateAt <= startsSoon) : line;
}

/** A key that becomes active before this instant must have a successor in the ring. */
export function horizon(now: number, intervals: RolloverIntervals): number {
  return now + intervals.publicationInterval + intervals.publishSafety;
}

export function algorithmsOf<Secret>(keys: readonly RingKey<Secret>[]): readonly SvidAlgorithm[] {
  return [...new Set(keys.map((key) => key.algorithm))].sort();
}

function erased<Secret>(key: RingKey<Secret>): RingKey<Secret> {
  return key.secret === null ? key : { ...key, secret: null };
}
