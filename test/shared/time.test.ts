import { expect, test } from "vitest";
import { formatInstant, formatSpan } from "../../shared/time.ts";

test.each([
  [0, "1970-01-01T00:00:00Z"],
  [951_827_696, "2000-02-29T12:34:56Z"],
  [1_795_611_570.999, "2026-11-25T12:59:30Z"],
  [253_402_300_799, "9999-12-31T23:59:59Z"],
])("the instant %d is %s", (seconds, text) => {
  expect(formatInstant(seconds)).toBe(text);
});

test.each([
  [-5, "0s"],
  [0.4, "0s"],
  [59.5, "1m"],
  [61, "1m 1s"],
  [3_600, "1h"],
  [3_601, "1h 1s"],
  [5_400, "1h 30m"],
  [90_061, "1d 1h"],
  [604_800, "7d"],
])("the span of %d seconds is %s", (seconds, text) => {
  expect(formatSpan(seconds)).toBe(text);
});
