import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HeldSvid } from "../../../shared/renewal/held-svid.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { createClock } from "../../stage/clock.ts";

const START = Date.UTC(2026, 10, 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

type Refusal = "down" | "denied" | "replayed";

interface Options {
  readonly lifetimeMs?: number;
  readonly renewable?: boolean;
  /** How long an exchange takes. */
  readonly takesMs?: number;
  /** Why the exchange refuses at an instant, in milliseconds since the start. */
  readonly refusal?: (sinceStart: number) => Refusal | "bug" | undefined;
}

function hold({ lifetimeMs = 5 * MINUTE, renewable = true, takesMs = 0, refusal }: Options = {}) {
  const clock = createClock(START);
  const since = (): number => clock.nowMs() - START;
  const ended = new AbortController();
  /** Instants of the exchanges, in milliseconds since the start. */
  const exchanges: number[] = [];
  const exchange = async (): Promise<Result<{ sentAtMs: number; expiresAtMs: number }, Refusal>> => {
    exchanges.push(since());
    const refused = refusal?.(since());
    const sentAtMs = clock.nowMs();
    if (takesMs > 0) await clock.pause(takesMs);
    if (refused === "bug") throw new Error("a bug");
    return refused === undefined ? ok({ sentAtMs, expiresAtMs: sentAtMs + lifetimeMs }) : err(refused);
  };
  const { nowMs, pause } = clock;
  const mayPass = (failure: Refusal): boolean => failure === "down";
  const svid = new HeldSvid({ exchange, mayPass, renewable, nowMs, pause }, ended.signal);
  return {
    clock,
    svid,
    exchanges,
    end: () => ended.abort(),
    /** Asks now. @returns how long the SVID is valid, in milliseconds, or why there is none. */
    ask: async (): Promise<number | Refusal> => {
      const outcome = await svid.get();
      return outcome.ok ? outcome.value.expiresAtMs - clock.nowMs() : outcome.error;
    },
    /** Asks each second of a time. */
    askEachSecond: async (ms: number): Promise<(number | Refusal)[]> => {
      const answers: (number | Refusal)[] = [];
      for (let at = 0; at < ms; at += SECOND) {
        const asked = svid.get();
        await clock.advance(SECOND);
        const outcome = await asked;
        answers.push(outcome.ok ? outcome.value.expiresAtMs - clock.nowMs() : outcome.error);
      }
      return answers;
    },
  };
}

describe("while the exchange answers", () => {
  test("a thousand who ask at once share one exchange", async () => {
    const { svid, clock, exchanges } = hold({ takesMs: SECOND });
    const asked = Promise.all(Array.from({ length: 1_000 }, () => svid.get()));
    await clock.advance(SECOND);
    const svids = (await asked).map((outcome) => outcome.ok && outcome.value);
    expect(new Set(svids)).toEqual(new Set([{ sentAtMs: START, expiresAtMs: START + 5 * MINUTE }]));
    expect(exchanges).toEqual([0]);
  });

  test("whoever asks all the time costs one exchange for each half of a lifetime, and always has half of it left", async () => {
    const { askEachSecond, exchanges } = hold();
    const answers = await askEachSecond(1_000 * SECOND);
    expect(Math.min(...answers.map(Number))).toBeGreaterThanOrEqual(150 * SECOND - SECOND);
    expect(exchanges).toEqual([0, 150, 300, 450, 600, 750, 900].map((second) => second * SECOND));
  });

  test("an SVID that nobody asks for any more is renewed once, and then let go", async () => {
    const { ask, clock, exchanges } = hold();
    await ask();
    await clock.advance(60 * MINUTE);
    expect(exchanges).toEqual([0, 150 * SECOND]);
    expect(clock.pending()).toBe(0);
    expect(await ask()).toBe(5 * MINUTE);
    expect(exchanges).toEqual([0, 150 * SECOND, 60 * MINUTE]);
  });

  test("who asks late gets what is left at once, and the renewal starts", async () => {
    const { ask, clock, exchanges } = hold();
    await ask();
    await clock.advance(400 * SECOND); // Renewed at 150 s, not wanted at 300 s, valid until 450 s.
    expect(await ask()).toBe(50 * SECOND);
    await clock.advance(SECOND);
    expect(await ask()).toBe(300 * SECOND);
    expect(exchanges).toEqual([0, 150 * SECOND, 401 * SECOND]);
  });

  test("the end of the job ends the renewal", async () => {
    const { ask, clock, exchanges, end } = hold();
    await ask();
    end();
    await clock.advance(60 * MINUTE);
    expect([exchanges, clock.pending()]).toEqual([[0], 0]);
  });
});

describe("while the exchange is down", () => {
  test("for two minutes at any time, nobody who asks notices", async () => {
    for (let from = 0; from < 300 * SECOND; from += 10 * SECOND) {
      const within = (at: number) => at > from && at <= from + 2 * MINUTE;
      const { askEachSecond } = hold({ refusal: (at) => (within(at) ? "down" : undefined) });
      const answers = await askEachSecond(10 * MINUTE);
      expect(answers.filter((answer) => typeof answer !== "number" || answer <= 0)).toEqual([]);
    }
  });

  test("an SVID is given until a second before it expires, and the failure after that", async () => {
    const { askEachSecond } = hold({ refusal: (at) => (at > 0 ? "down" : undefined) });
    const answers = await askEachSecond(310 * SECOND);
    expect(answers.slice(0, 298).every((answer) => typeof answer === "number" && answer > 0)).toBe(true);
    expect(answers.slice(300)).toEqual(Array(10).fill("down"));
  });

  test("the same failure is given again for a while, and attempts become rare", async () => {
    const { askEachSecond, exchanges } = hold({ refusal: () => "down" });
    expect(new Set(await askEachSecond(5 * MINUTE))).toEqual(new Set(["down"]));
    const gaps = exchanges.slice(1).map((at, index) => (at - (exchanges[index] ?? 0)) / SECOND);
    expect(gaps).toEqual([1, 2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30].slice(0, gaps.length));
    expect(exchanges.length).toBeLessThan(16);
  });

  test("an SVID is there again soon after the outage", async () => {
    const { askEachSecond } = hold({ refusal: (at) => (at < 10 * MINUTE ? "down" : undefined) });
    const answers = await askEachSecond(11 * MINUTE);
    expect(answers.slice(631).every((answer) => typeof answer === "number")).toBe(true);
  });
});

describe("a refusal", () => {
  test("does not take away an SVID that is valid", async () => {
    const { askEachSecond } = hold({ refusal: (at) => (at > 0 ? "denied" : undefined) });
    const answers = await askEachSecond(290 * SECOND);
    expect(answers.every((answer) => typeof answer === "number")).toBe(true);
  });

  test("of fresh tokens is asked about again: a policy may be corrected meanwhile", async () => {
    const { askEachSecond } = hold({ refusal: (at) => (at < MINUTE ? "denied" : undefined) });
    const answers = await askEachSecond(2 * MINUTE);
    expect(answers[0]).toBe("denied");
    expect(answers.at(-1)).toBeGreaterThan(0);
  });
});

describe("a token that cannot be renewed", () => {
  test("is exchanged once, and its SVID is held until it ends", async () => {
    const { askEachSecond, exchanges } = hold({
      renewable: false,
      refusal: (at) => (at > 0 ? "replayed" : undefined),
    });
    const answers = await askEachSecond(299 * SECOND);
    expect(exchanges).toEqual([0]);
    expect(Number(answers[297])).toBeGreaterThan(0);
  });

  test("is tried once more after that, and never again once it was refused", async () => {
    const { askEachSecond, exchanges } = hold({
      renewable: false,
      refusal: (at) => (at > 0 ? "replayed" : undefined),
    });
    const answers = await askEachSecond(60 * MINUTE);
    expect(exchanges).toEqual([0, 299 * SECOND]);
    expect(answers.at(-1)).toBe("replayed");
  });

  test("serves on where the exchange takes it again", async () => {
    const { askEachSecond, exchanges } = hold({ renewable: false });
    const answers = await askEachSecond(20 * MINUTE);
    expect(exchanges).toEqual([0, 299, 598, 897, 1196].map((second) => second * SECOND));
    expect(answers.every((answer) => typeof answer === "number" && answer > 0)).toBe(true);
  });

  test("is tried again after an outage", async () => {
    const { askEachSecond, exchanges } = hold({
      renewable: false,
      refusal: (at) => (at < 5 * SECOND ? "down" : undefined),
    });
    await askEachSecond(20 * SECOND);
    expect(exchanges).toEqual([0, 1, 3, 7].map((second) => second * SECOND));
  });
});

test("a bug in an exchange is thrown to whoever asked, and the next one asks anew", async () => {
  const { ask, clock, exchanges } = hold({ refusal: (at) => (at === 0 ? "bug" : undefined) });
  await expect(ask()).rejects.toThrow("a bug");
  await clock.advance(SECOND);
  expect(await ask()).toBe(5 * MINUTE);
  expect(exchanges).toEqual([0, SECOND]);
});

test("a bug in the background leaves the SVID that is held", async () => {
  const { ask, clock } = hold({ refusal: (at) => (at === 150 * SECOND ? "bug" : undefined) });
  await ask();
  await clock.advance(200 * SECOND);
  expect(await ask()).toBe(100 * SECOND);
});

test("whatever fails, however long an exchange takes and whenever somebody asks, no SVID is given that has expired", async () => {
  const outage = fc.tuple(fc.nat(20 * 60), fc.nat(10 * 60)).map(([from, length]) => [from, from + length]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(outage, { maxLength: 4 }),
      fc.constantFrom<Refusal>("down", "denied"),
      fc.array(fc.nat(1_000), { maxLength: 30 }),
      fc.nat(25_000),
      fc.constantFrom(60, 300, 3_600),
      fc.boolean(),
      async (outages, refused, pauses, takesMs, lifetime, renewable) => {
        const within = (at: number) =>
          outages.some(([from = 0, to = 0]) => at >= from * SECOND && at < to * SECOND);
        const { svid, clock, exchanges, end } = hold({
          lifetimeMs: lifetime * SECOND,
          renewable,
          takesMs,
          refusal: (at) => (within(at) ? refused : undefined),
        });
        for (const pause of pauses) {
          await clock.advance(pause * SECOND);
          let expiresAtMs: number | undefined;
          const asked = svid.get().then((outcome) => {
            if (outcome.ok) expiresAtMs = outcome.value.expiresAtMs - clock.nowMs();
          });
          await clock.advance(takesMs + 1);
          await asked;
          if (expiresAtMs !== undefined) expect(expiresAtMs).toBeGreaterThan(0);
        }
        for (const [index, at] of exchanges.slice(1).entries()) {
          expect(at - (exchanges[index] ?? 0)).toBeGreaterThanOrEqual(Math.min(SECOND, takesMs));
        }
        end();
        await clock.advance(MINUTE);
        expect(clock.pending()).toBe(0);
      },
    ),
    { numRuns: 100 },
  );
});
