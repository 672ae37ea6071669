import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../shared/duration.ts";

test.each([
  ["30s", 30],
  ["5m", 300],
  ["1h", 3_600],
  ["7d", 604_800],
  ["0s", 0],
])("the duration %s is %i seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
  expect(formatDuration(seconds)).toBe(text);
});

test.each(["", "5", "m", "5 m", "05m", "-5m", "1.5h", "5M", "1h30m", "5m\n", "9999999999s", "5ms"])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeUndefined();
  },
);
