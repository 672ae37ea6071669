import { describe, expect, test } from "vitest";
import { minPublishSafety, TIMING } from "../../../../shared/key-timing.ts";
import { type KnownTime, keeperTime } from "../../../../worker/signing/keeper/keeper-time.ts";
import { DAY, HOUR, START } from "../deployment.ts";

const MINUTE = 60;
const KNOWN: KnownTime = { sure: START };
const LONGEST = minPublishSafety(TIMING);

/** The judgement of two clocks, in seconds after the last run. */
function judge(own: number, caller = own, known?: KnownTime) {
  const time = keeperTime({ own: START + own, caller: START + caller }, known, TIMING);
  const after = (instant: number): number => instant - START;
  return [time.kind, after(time.now), after(time.earliest), after(time.latest)];
}

describe("two clocks that agree", () => {
  test.each([
    ["an hour after the last run", HOUR, "sure"],
    ["after as many missed and late runs as there may be", LONGEST, "sure"],
    ["a moment before the last run, on another machine", -MINUTE, "sure"],
    ["after more missed runs than there may be", LONGEST + 1, "jumped"],
    ["a year ahead", 365 * DAY, "jumped"],
    ["minutes before the last run", -2 * MINUTE, "jumped"],
    ["a year before the last run", -365 * DAY, "jumped"],
  ])("%s", (_, own, kind) => {
    expect(judge(own, own, KNOWN)).toEqual([kind, own, Math.min(own, 0), Math.max(own, 0)]);
  });

  test("the first run of all has nothing to compare with", () => {
    expect(judge(5)).toEqual(["sure", 5, 5, 5]);
  });

  test("the last sure time never goes back", () => {
    const { known } = keeperTime({ own: START - 30, caller: START }, KNOWN, TIMING);
    expect(known).toEqual(KNOWN);
  });
});

describe("two clocks that differ", () => {
  test.each([
    ["by what two clocks and a call may", HOUR, HOUR + 2 * MINUTE, "sure"],
    ["by more", HOUR, HOUR + 2 * MINUTE + 1, "unsure"],
    ["by a year", HOUR, HOUR - 365 * DAY, "unsure"],
  ])("%s", (_, own, caller, kind) => {
    expect(judge(own, caller, KNOWN)[0]).toBe(kind);
  });

  test.each([
    ["the keeper's clock is nearer to the last run", HOUR, 8 * DAY, [HOUR, 0, 8 * DAY]],
    ["the caller's clock is nearer", 8 * DAY, HOUR, [HOUR, 0, 8 * DAY]],
    ["the keeper's clock is far behind", -365 * DAY, HOUR, [HOUR, -365 * DAY, HOUR]],
  ])("%s", (_, own, caller, times) => {
    expect(judge(own, caller, KNOWN)).toEqual(["unsure", ...times]);
  });

  test("before the first run the slower one is followed: its keys sign by both clocks", () => {
    expect(judge(8 * DAY, 0)).toEqual(["unsure", 0, 0, 8 * DAY]);
  });

  test("nothing is remembered of them", () => {
    const { known } = keeperTime({ own: START + HOUR, caller: START + DAY }, KNOWN, TIMING);
    expect(known).toEqual(KNOWN);
  });
});

describe("a jump", () => {
  /** Runs at these instants, in seconds after the last sure run, with clocks that agree. */
  function kindsOf(instants: readonly number[]): string[] {
    let known: KnownTime | undefined = KNOWN;
    return instants.map((instant) => {
      const time = keeperTime({ own: START + instant, caller: START + instant }, known, TIMING);
      known = time.known;
      return time.kind;
    });
  }
  const hourly = (from: number): number[] => Array.from({ length: 26 }, (_, hour) => from + hour * HOUR);
  const BELIEVED = ["jumped", ...Array(23).fill("settling"), "sure", "sure"];

  test.each([
    ["ahead", 8 * DAY],
    ["back", -8 * DAY],
  ])("%s is believed once the clocks have gone on from it for a day", (_, from) => {
    expect(kindsOf(hourly(from))).toEqual(BELIEVED);
  });

  test("is forgotten with the first run that follows from the last sure one", () => {
    expect(kindsOf([8 * DAY, HOUR, 8 * DAY + 2 * HOUR])).toEqual(["jumped", "sure", "jumped"]);
  });

  test("within a jump starts the day anew", () => {
    expect(kindsOf([8 * DAY, 8 * DAY + 12 * HOUR, 8 * DAY + 13 * HOUR])).toEqual([
      "jumped",
      "jumped",
      "settling",
    ]);
  });

  test("where runs are days apart, each shows that the time of the one before has passed", () => {
    const apart = kindsOf([40 * DAY, 80 * DAY, 120 * DAY]);
    expect(apart).toEqual(["jumped", "jumped", "jumped"]);
    const first = keeperTime({ own: START + 40 * DAY, caller: START + 40 * DAY }, KNOWN, TIMING);
    const second = keeperTime({ own: START + 80 * DAY, caller: START + 80 * DAY }, first.known, TIMING);
    expect(second.earliest).toBe(START + 40 * DAY);
  });
});
