import { expect, test } from "vitest";
import {
  everyoneReads,
  leastLead,
  leastMargin,
  leastRetention,
  ROTATE_EVERY,
  rotationPlan,
  rotationProblem,
  TIMING,
} from "../../shared/key-timing.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const SHORTEST = leastLead(TIMING) + leastMargin(TIMING);

test("the times in force", () => {
  expect(everyoneReads(TIMING)).toBe(300);
  expect(leastLead(TIMING)).toBe(71 * 60);
  expect(leastMargin(TIMING)).toBe(3 * HOUR + 16 * 60);
  expect(leastRetention(TIMING)).toBe(66 * 60);
  expect(SHORTEST).toBe(4 * HOUR + 27 * 60);
});

test("the default rotation: a day of caching ahead, two days without cron, a day of retention", () => {
  expect(rotationPlan(ROTATE_EVERY.usual)).toEqual({
    period: 7 * DAY,
    lead: 25 * HOUR,
    margin: 2 * DAY,
    overlap: HOUR,
    retention: DAY,
    lifeWithoutSuccessor: 37 * DAY,
  });
});

test.each([SHORTEST, 5 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 30 * HOUR, 7 * DAY, 30 * DAY, 90 * DAY])(
  "every bound holds for a rotation of %i s",
  (period) => {
    const plan = rotationPlan(period);
    expect(rotationProblem(period)).toBeUndefined();
    expect(plan.lead).toBeGreaterThanOrEqual(leastLead(TIMING));
    expect(plan.margin).toBeGreaterThanOrEqual(leastMargin(TIMING));
    expect(plan.lead + plan.margin).toBeLessThanOrEqual(period);
    expect(plan.retention).toBeGreaterThanOrEqual(leastRetention(TIMING));
    expect(plan.overlap).toBeGreaterThanOrEqual(everyoneReads(TIMING) + TIMING.clockSkew);
    // One retired, one active, two to come: with two algorithms, under the ten keys that some gateways take.
    expect(plan.overlap + plan.retention).toBeLessThan(period);
  },
);

test("max-age leaves room in the least lead", () => {
  const { maxAge, relyingPartyRefresh, clockSkew } = TIMING;
  expect(maxAge).toBeGreaterThan(0);
  expect(maxAge).toBeLessThanOrEqual(
    leastLead(TIMING) - everyoneReads(TIMING) - relyingPartyRefresh - clockSkew,
  );
});

test.each([
  [0, "rotateEvery is 1h under its least value, 1h"],
  [HOUR - 1, "rotateEvery is 1s under its least value, 1h"],
  [90 * DAY + HOUR, "rotateEvery is 1h over its greatest value, 90d"],
  [
    2 * HOUR,
    "rotateEvery is 2h27m too short: a key is published 1h11m before it signs, for relying parties that renew their " +
      "keys once an hour, and made 3h16m before that, for 2 missed cron runs",
  ],
])("a rotation of %i s is refused with the bound and the difference", (period, problem) => {
  expect(rotationProblem(period)).toBe(problem);
});

test("the bound that is named is the strictest one", () => {
  const hints = { ...TIMING, refreshHint: HOUR };
  expect(rotationProblem(3 * HOUR, hints)).toContain("for SPIFFE bundles, five refresh hints ahead");
});

test("one second under the shortest rotation is too short", () => {
  expect(rotationProblem(SHORTEST - 1)).toMatch(/^rotateEvery is 1s too short/);
});
