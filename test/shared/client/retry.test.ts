import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  delayMs,
  type FailedAttempt,
  nextAttempt,
  parseRetryAfter,
  type RetryPorts,
  withRetry,
} from "../../../shared/client/retry.ts";
import { err, ok } from "../../../shared/result.ts";
import { createLeapingClock } from "../../stage/clock.ts";

function fakePorts(random = 0.5): RetryPorts & { readonly pauses: number[] } {
  return { ...createLeapingClock(1_795_341_600_000), random: () => random };
}

describe("the pause before the next try", () => {
  test.each([
    [1, 0, 125],
    [1, 1, 250],
    [2, 0, 250],
    [3, 1, 1000],
    [6, 1, 8000],
    [20, 1, 8000],
  ])("after %i failures with chance %d: %i ms", (attempt, random, expected) => {
    expect(delayMs(attempt, 0, random)).toBe(expected);
  });

  test("is never shorter than Retry-After, nor longer than it by more than the spread", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 86_400_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, retryAfter, random) => {
          const pause = delayMs(attempt, retryAfter, random);
          return pause >= retryAfter && pause <= retryAfter + 125;
        },
      ),
    );
  });

  test("keeps at least half of its length, so that it is never a busy loop", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, random) => {
          const pause = delayMs(n, 0, random);
          return pause >= 125 && pause <= 8000;
        },
      ),
    );
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  test.each([
    ["3", 3000],
    ["0", 0],
    [" 120 ", 120_000],
    ["Sun, 22 Nov 2026 10:00:07 GMT", 7000],
    ["Sun, 22 Nov 2026 09:00:00 GMT", undefined],
    ["-1", undefined],
    ["1.5", undefined],
    ["1e9", undefined],
    ["99999999999", undefined],
    ["soon", undefined],
    ["2026-11-22T10:00:07Z", undefined],
    ["", undefined],
    [null, undefined],
  ])("%j is %j ms", (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe("a response without success", () => {
  const now = Date.parse("2026-11-22T10:00:00Z");
  test.each([
    [429, true],
    [500, true],
    [503, true],
    [200, false],
    [302, false],
    [400, false],
    [404, false],
  ])("of status %i may pass: %j", (status, retryable) => {
    expect(nextAttempt({ status, headers: new Headers() }, now)).toEqual({ retryable });
  });

  test("says when in Retry-After", () => {
    const headers = new Headers({ "retry-after": "7" });
    expect(nextAttempt({ status: 503, headers }, now)).toEqual({ retryable: true, retryAfterMs: 7000 });
  });
});

describe("trying again", () => {
  /** Fails as given, one failure for each attempt, then succeeds. */
  function script(...failed: FailedAttempt<string>[]) {
    let tries = 0;
    return async () => {
      const attempt = failed[tries];
      tries += 1;
      return attempt === undefined ? ok(`after ${tries}`) : err(attempt);
    };
  }
  const passing = (more: Partial<FailedAttempt<string>> = {}): FailedAttempt<string> => ({
    failure: "busy",
    retryable: true,
    ...more,
  });

  test("ends with the first success", async () => {
    const ports = fakePorts();
    expect(await withRetry(script(passing(), passing()), 60_000, ports)).toEqual(ok("after 3"));
    expect(ports.pauses).toEqual([188, 375]);
  });

  test("ends at once with a final failure", async () => {
    const ports = fakePorts();
    const outcome = await withRetry(script({ failure: "no", retryable: false }), 60_000, ports);
    expect(outcome).toEqual(err({ failure: "no", attempts: 1, outOfTime: false }));
    expect(ports.pauses).toEqual([]);
  });

  test("waits as long as it is asked to", async () => {
    const ports = fakePorts(0);
    await withRetry(script(passing({ retryAfterMs: 7000 })), 60_000, ports);
    expect(ports.pauses).toEqual([7000]);
  });

  test("does not begin a pause that the deadline would cut", async () => {
    const ports = fakePorts();
    const outcome = await withRetry(script(passing({ retryAfterMs: 60_000 })), 60_000, ports);
    expect(outcome).toEqual(err({ failure: "busy", attempts: 1, outOfTime: true }));
    expect(ports.pauses).toEqual([]);
  });

  test("tells each try how much time is left", async () => {
    const left: number[] = [];
    await withRetry(
      async (remaining) => {
        left.push(remaining);
        return left.length < 3 ? err(passing()) : ok("done");
      },
      10_000,
      fakePorts(),
    );
    expect(left).toEqual([10_000, 9812, 9437]);
  });

  test("lets a try that the deadline cut off say nothing, unless it is the only one", async () => {
    const cutOff = (busyFirst: number) => {
      const ports = fakePorts();
      let tries = 0;
      const attempt = async (left: number) => {
        tries += 1;
        if (tries <= busyFirst) return err(passing());
        await ports.sleep(left - 1);
        return err(passing({ failure: "cut off" }));
      };
      return withRetry(attempt, 10_000, ports);
    };
    expect(await cutOff(1)).toEqual(err({ failure: "busy", attempts: 2, outOfTime: true }));
    expect(await cutOff(0)).toEqual(err({ failure: "cut off", attempts: 1, outOfTime: true }));
  });

  test("is bounded in tries, however long the deadline", async () => {
    const outcome = await withRetry(async () => err(passing()), 86_400_000, fakePorts());
    expect(outcome).toEqual(err({ failure: "busy", attempts: 20, outOfTime: true }));
  });

  test("never sleeps past the deadline", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (timeout, random) => {
          const ports = fakePorts(random);
          await withRetry(async () => err(passing()), timeout, ports);
          const slept = ports.pauses.reduce((sum, pause) => sum + pause, 0);
          expect(slept).toBeLessThan(timeout);
        },
      ),
    );
  });
});
