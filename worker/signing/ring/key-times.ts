import type { RolloverIntervals } from "../../../shared/key-timing.ts";
import { horizon } from "./kept-keys.ts";
import type { RingKey } from "./ring.ts";

/**
 * The starts of the standbys under another `rotateEvery`. One that comes earlier than planned leaves time for its own
 * standby to be published and known before.
 */
export function replanned<Secret>(
  line: readonly RingKey<Secret>[],
  now: number,
  intervals: RolloverIntervals,
): readonly RingKey<Secret>[] {
  let previous: number | undefined;
  return line.map((key) => {
    const start = previous;
    const moved =
      key.activateAt <= now || start === undefined ? key.activateAt : restart(key, start, now, intervals);
    previous = moved;
    return moved === key.activateAt ? key : { ...key, activateAt: moved };
  });
}

function restart<Secret>(
  key: RingKey<Secret>,
  previous: number,
  now: number,
  intervals: RolloverIntervals,
): number {
  const wanted = Math.max(previous + intervals.keyLifetime, key.publishAt + intervals.publicationInterval);
  if (wanted >= key.activateAt) return wanted;
  return Math.min(key.activateAt, Math.max(wanted, horizon(now, intervals)));
}

/** A key signs until its successor is in use everywhere, and verifies until nothing that it signed is valid. */
export function fitEnds<Secret>(
  line: readonly RingKey<Secret>[],
  now: number,
  intervals: RolloverIntervals,
  wanted: boolean,
): readonly RingKey<Secret>[] {
  return line.map((key, index) => {
    const successor = line[index + 1];
    const due =
      successor === undefined
        ? endOfLast(key, now, intervals, wanted)
        : successor.activateAt + intervals.signingDelay;
    const end = key.secret === null ? Math.min(due, key.signUntil) : due;
    if (end === key.signUntil) return key;
    return { ...key, signUntil: end, verifyUntil: end + intervals.retireInterval };
  });
}

function endOfLast<Secret>(
  key: RingKey<Secret>,
  now: number,
  intervals: RolloverIntervals,
  wanted: boolean,
): number {
  if (wanted) return key.activateAt + intervals.lifetimeWithoutSuccessor;
  return Math.min(
    key.signUntil,
    Math.max(key.activateAt + intervals.keyLifetime, now) + intervals.signingDelay,
  );
}
