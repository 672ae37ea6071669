import { expect, test } from "vitest";
import { minPublicationInterval, minPublishSafety, TIMING } from "../../shared/key-timing.ts";
import { rotationProblem } from "../../shared/rotate-every.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const SHORTEST = minPublicationInterval(TIMING) + minPublishSafety(TIMING);

test.each([
  [0, "rotateEvery is 1h under its least value, 1h"],
  [HOUR - 1, "rotateEvery is 1s under its least value, 1h"],
  [90 * DAY + HOUR, "rotateEvery is 1h over its greatest value, 90d"],
  [
    2 * HOUR,
    "rotateEvery is 2h27m too short: relying parties that renew their keys once an hour need 1h11m to learn of a new " +
      "key, and 2 missed cron runs may delay it by 3h16m",
  ],
])("a rotation of %i s is refused with the bound and the difference", (period, problem) => {
  expect(rotationProblem(period)).toBe(problem);
});

test("the bound that is named is the strictest one", () => {
  const hints = { ...TIMING, refreshHint: HOUR };
  expect(rotationProblem(3 * HOUR, hints)).toContain(
    "readers of the SPIFFE bundle, by five refresh hints, need 5h5m",
  );
});

test("one second under the shortest rotation is too short", () => {
  expect(rotationProblem(SHORTEST - 1)).toMatch(/^rotateEvery is 1s too short/);
});
