/** Requests of one isolate that began in one order may go by their clocks in another one, this many seconds apart. */
const OUT_OF_ORDER_SECONDS = 60;

/**
 * How long ago an instant was, in seconds. An instant that lies further in the future than requests overlap was read from a
 * clock that has been set back since: then nobody knows, and no time is long enough. Otherwise such a clock would stop
 * everything that goes by it until that instant comes.
 *
 * @param since Unix seconds, as is `now`.
 */
export function secondsSince(since: number, now: number): number {
  const age = now - since;
  return age < -OUT_OF_ORDER_SECONDS ? Number.POSITIVE_INFINITY : Math.max(0, age);
}

/** Whether a length of time has passed since an instant, as `secondsSince` counts it. */
export function hasPassed(seconds: number, since: number, now: number): boolean {
  return secondsSince(since, now) >= seconds;
}
