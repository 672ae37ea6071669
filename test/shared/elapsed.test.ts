import { expect, test } from "vitest";
import { hasPassed, secondsSince } from "../../shared/elapsed.ts";

const NOW = 1_800_000_000;

test.each([
  ["an hour ago", NOW - 3_600, 3_600],
  ["now", NOW, 0],
  ["a moment ahead, by a request that began later", NOW + 60, 0],
  ["further ahead, by a clock that was set back since", NOW + 61, Number.POSITIVE_INFINITY],
  ["never", Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
])("%s", (_, since, seconds) => {
  expect(secondsSince(since, NOW)).toBe(seconds);
});

test.each([
  [59, NOW - 60, true],
  [60, NOW - 60, true],
  [61, NOW - 60, false],
  [61, NOW + 30, false],
  [61, NOW + 365 * 86_400, true],
])("whether %d seconds have passed since %d", (seconds, since, passed) => {
  expect(hasPassed(seconds, since, NOW)).toBe(passed);
});
