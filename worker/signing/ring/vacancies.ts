import { rolloverIntervals, TIMING, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { horizon, settle } from "./kept-keys.ts";
import { type KeySettings, lineOf, type Ring, type RingKey } from "./ring.ts";

/** A place in the ring that waits for a new key. */
export interface Opening {
  readonly algorithm: SvidAlgorithm;
  readonly activateAt: number;
}

/** The keys that the ring lacks at an instant. Each algorithm always has one key more than the next one to sign. */
export function openings<Secret>(
  ring: Ring<Secret>,
  now: number,
  settings: KeySettings,
  timing: Timing = TIMING,
): readonly Opening[] {
  const kept = settle(ring, now, settings, timing);
  return settings.algorithms.flatMap((algorithm) =>
    openingsOf(ring, lineOf(kept, algorithm), algorithm, now, settings, timing).map((activateAt) => ({
      algorithm,
      activateAt,
    })),
  );
}

function openingsOf<Secret>(
  ring: Ring<Secret>,
  kept: readonly RingKey<Secret>[],
  algorithm: SvidAlgorithm,
  now: number,
  settings: KeySettings,
  timing: Timing,
): readonly number[] {
  const intervals = rolloverIntervals(settings.rotateEverySeconds, timing);
  const before = lineOf(ring.keys, algorithm);
  const able = kept.filter((key) => key.secret !== null);
  const times: number[] = [];
  if (able.length === 0) {
    // An algorithm that is new, or comes back, can wait until relying parties know its key. The first ring can't, nor
    // a line whose keys are revoked, lost or, for want of cron, out of time.
    const isIdle = before.every((key) => now >= key.signUntil && !endedForWantOfCron(key, timing));
    times.push(ring.keys.length > 0 && isIdle ? now + intervals.publicationInterval : now - timing.clockSkew);
  } else if (before.some((key) => settings.revoked.has(key.kid))) {
    // A relying party that refetches only for an unknown kid keeps the revoked key until it meets one: this one.
    times.push(now + intervals.publicationInterval);
  }
  let last = Math.max(...able.map((key) => key.activateAt), ...times);
  while (last < horizon(now, intervals)) {
    last = Math.max(last + intervals.keyLifetime, now + intervals.publicationInterval);
    times.push(last);
  }
  return times;
}

function endedForWantOfCron<Secret>(key: RingKey<Secret>, timing: Timing): boolean {
  return key.signUntil - key.activateAt >= timing.graceWithoutCron;
}
