import { durationParts } from "./duration.ts";
import {
  minPublicationInterval,
  minPublishSafety,
  strictestBound,
  TIMING,
  type Timing,
} from "./key-timing.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** The range of `keys.rotateEvery` and its default, in seconds. A value of the range must also leave room for a rollover. */
export const ROTATE_EVERY = { least: HOUR, most: 90 * DAY, usual: 7 * DAY } as const;

/** @returns which bound a `rotateEvery` breaks and by how much, as one sentence; `undefined` where it breaks none. */
export function rotationProblem(rotateEverySeconds: number, timing: Timing = TIMING): string | undefined {
  const { least, most } = ROTATE_EVERY;
  if (rotateEverySeconds < least) {
    return `rotateEvery is ${duration(least - rotateEverySeconds)} under its least value, ${duration(least)}`;
  }
  if (rotateEverySeconds > most) {
    return `rotateEvery is ${duration(rotateEverySeconds - most)} over its greatest value, ${duration(most)}`;
  }
  const interval = minPublicationInterval(timing);
  const safety = minPublishSafety(timing);
  const missing = interval + safety - rotateEverySeconds;
  if (missing <= 0) return undefined;
  return (
    `rotateEvery is ${duration(missing)} too short: ${strictestBound(timing).demandedBy} need ${duration(interval)} to ` +
    `learn of a new key, and ${timing.missedCrons} missed cron runs may delay it by ${duration(safety)}`
  );
}

/** All parts of a length of time in the units of the trust document: for example `1h11m`. */
function duration(seconds: number): string {
  return durationParts(seconds).join("");
}
