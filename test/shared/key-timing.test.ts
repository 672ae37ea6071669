import { expect, test } from "vitest";
import {
  minPublicationInterval,
  minPublishSafety,
  minRetireInterval,
  propagationDelay,
  rolloverIntervals,
  TIMING,
} from "../../shared/key-timing.ts";
import { ROTATE_EVERY, rotationProblem } from "../../shared/rotate-every.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const SHORTEST = minPublicationInterval(TIMING) + minPublishSafety(TIMING);

test("the times in force", () => {
  expect(propagationDelay(TIMING)).toBe(300);
  expect(minPublicationInterval(TIMING)).toBe(71 * 60);
  expect(minPublishSafety(TIMING)).toBe(3 * HOUR + 16 * 60);
  expect(minRetireInterval(TIMING)).toBe(66 * 60);
  expect(SHORTEST).toBe(4 * HOUR + 27 * 60);
});

test("the default rotation: a day of caching ahead, two days without cron, a day to retire", () => {
  expect(rolloverIntervals(ROTATE_EVERY.usual)).toEqual({
    keyLifetime: 7 * DAY,
    publicationInterval: 25 * HOUR,
    publishSafety: 2 * DAY,
    signingDelay: HOUR,
    retireInterval: DAY,
    lifetimeWithoutSuccessor: 37 * DAY,
  });
});

test.each([SHORTEST, 5 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 30 * HOUR, 7 * DAY, 30 * DAY, 90 * DAY])(
  "every bound holds for a rotation of %i s",
  (period) => {
    const intervals = rolloverIntervals(period);
    expect(rotationProblem(period)).toBeUndefined();
    expect(intervals.publicationInterval).toBeGreaterThanOrEqual(minPublicationInterval(TIMING));
    expect(intervals.publishSafety).toBeGreaterThanOrEqual(minPublishSafety(TIMING));
    expect(intervals.publicationInterval + intervals.publishSafety).toBeLessThanOrEqual(period);
    expect(intervals.retireInterval).toBeGreaterThanOrEqual(minRetireInterval(TIMING));
    expect(intervals.signingDelay).toBeGreaterThanOrEqual(propagationDelay(TIMING) + TIMING.clockSkew);
    // One retired, one active, two to come: with two algorithms, under the ten keys that some gateways take.
    expect(intervals.signingDelay + intervals.retireInterval).toBeLessThan(period);
  },
);

test("max-age leaves room in the shortest publication interval", () => {
  const { maxAge, relyingPartyRefresh, clockSkew } = TIMING;
  expect(maxAge).toBeGreaterThan(0);
  expect(maxAge).toBeLessThanOrEqual(
    minPublicationInterval(TIMING) - propagationDelay(TIMING) - relyingPartyRefresh - clockSkew,
  );
});
