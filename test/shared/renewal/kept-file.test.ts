import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Exchanged } from "../../../shared/client/get-svid.ts";
import { HeldSvid } from "../../../shared/renewal/held-svid.ts";
import { type Explained, keepFileFresh } from "../../../shared/renewal/kept-file.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import { createClock } from "../../stage/clock.ts";

const START = Date.UTC(2026, 10, 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

interface Failure extends Explained {
  readonly transient?: boolean;
}

const DOWN: Failure = {
  code: "unreachable_refused",
  message: "Down.",
  next: ["Wait."],
  transient: true,
};
const REPLAYED: Failure = { code: "token_replayed", message: "Used.", next: ["Declare another."] };
const DENIED: Failure = { code: "policy_denied", message: "Denied.", next: ["Ask."] };

interface Options {
  readonly lifetimeMs?: number;
  readonly renewable?: boolean;
  /** How long an exchange takes. */
  readonly takesMs?: number;
  /** Why the exchange refuses at an instant, in milliseconds since the start; nothing where it does not. */
  readonly failure?: (sinceStart: number) => Failure | undefined;
  /** Whether the file can be written at an instant. */
  readonly writable?: (sinceStart: number) => boolean;
}

/** A run that has its first SVID, with an exchange and a file that go by the same clock. */
async function startRun(options: Options = {}) {
  const { lifetimeMs = 5 * MINUTE, renewable = true, takesMs = 0 } = options;
  const clock = createClock(START);
  const since = (): number => clock.nowMs() - START;
  const abort = new AbortController();
  const exchanges: number[] = [];
  const notes: string[] = [];
  let file: Exchanged | undefined;
  const minted = new Map<string, Exchanged>();
  const mint = (): Exchanged => {
    const svid = `svid ${minted.size}`;
    const [sentAtMs, expiresAtMs] = [clock.nowMs(), clock.nowMs() + lifetimeMs];
    const exchanged = { svid, sentAtMs, expiresAtMs } as Exchanged;
    minted.set(svid, exchanged);
    return exchanged;
  };
  const first = mint();
  const exchange = async (): Promise<Result<Exchanged, Failure>> => {
    if (file === undefined && since() === 0) return ok(first);
    exchanges.push(since());
    const failure = options.failure?.(since());
    const outcome = failure === undefined ? ok(mint()) : err(failure);
    if (takesMs > 0) await clock.pause(takesMs);
    return outcome;
  };
  const replace = (svid: string): Result<void, Failure> => {
    if (options.writable?.(since()) === false) return err({ ...DOWN, code: "file_unwritable" });
    file = minted.get(svid);
    return ok(undefined);
  };
  const { nowMs, pause } = clock;
  const mayPass = ({ transient }: Failure): boolean => transient === true;
  const held = new HeldSvid({ exchange, mayPass, renewable, nowMs, pause }, abort.signal);
  await held.get();
  replace(first.svid);
  const ended = keepFileFresh(
    held,
    first,
    {
      replace,
      remove: () => {
        file = undefined;
      },
      explain: (failure) => failure,
      nowMs,
      pause,
      note: (line) => notes.push(line),
    },
    abort.signal,
  );
  return {
    clock,
    /** Instants of the exchanges after the first, in milliseconds since the start. */
    exchanges,
    notes,
    ended,
    abort: () => abort.abort(),
    /** What is left of the SVID in the file, in milliseconds; nothing where there is no file. */
    left: (): number | undefined => file && file.expiresAtMs - clock.nowMs(),
    /** What was left of the SVID in the file at each second of a time. */
    watch: async (ms: number): Promise<(number | undefined)[]> => {
      const seen: (number | undefined)[] = [];
      for (let at = 0; at < ms; at += SECOND) {
        seen.push(file && file.expiresAtMs - clock.nowMs());
        await clock.advance(SECOND);
      }
      return seen;
    },
  };
}

describe("while the exchange answers", () => {
  test("an SVID is renewed at half of its lifetime, again and again", async () => {
    const run = await startRun();
    await run.clock.advance(60 * MINUTE - 1);
    expect(run.exchanges).toEqual(Array.from({ length: 23 }, (_, i) => (i + 1) * 150 * SECOND));
    expect(run.notes).toEqual([]);
  });

  test.each([60 * SECOND, 5 * MINUTE, 60 * MINUTE])(
    "a reader always finds an SVID with a good part of its %d ms left",
    async (lifetimeMs) => {
      const run = await startRun({ lifetimeMs, takesMs: 2 * SECOND });
      const seen = await run.watch(5 * lifetimeMs);
      expect(Math.min(...seen.map((left) => left ?? 0))).toBeGreaterThanOrEqual(lifetimeMs / 2 - 3 * SECOND);
    },
  );

  test("an SVID that has hardly any lifetime is renewed once a second and not more often", async () => {
    const run = await startRun({ lifetimeMs: 100 });
    await run.clock.advance(10 * SECOND);
    expect(run.exchanges).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((second) => second * SECOND));
  });
});

describe("while the exchange is down", () => {
  test("attempts follow at half of what is left: seven in a lifetime of five minutes", async () => {
    const run = await startRun({ failure: () => DOWN });
    await run.clock.advance(5 * MINUTE - SECOND);
    const gaps = run.exchanges.map((at, i) => at - (run.exchanges[i - 1] ?? 0));
    expect(run.exchanges.length).toBeGreaterThanOrEqual(7);
    expect(gaps[0]).toBe(150 * SECOND);
    for (const gap of gaps.slice(1)) expect(gap).toBeLessThanOrEqual(30 * SECOND);
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(SECOND);
  });

  test("an outage that ends in time is never noticed by a reader", async () => {
    const inOutage = (at: number) => at > 2 * MINUTE && at < 4.5 * MINUTE;
    const run = await startRun({ failure: (at) => (inOutage(at) ? DOWN : undefined) });
    const seen = await run.watch(15 * MINUTE);
    expect(Math.min(...seen.map((left) => left ?? 0))).toBeGreaterThan(SECOND);
    expect(run.notes.join("\n")).toContain("The SVID could not be renewed (unreachable_refused). Down.");
    expect(run.notes.join("\n")).toMatch(/Another attempt follows\. The SVID in the file expires in \d/);
  });

  test("an SVID that could not be renewed is removed before it expires, and is back soon after the outage", async () => {
    const run = await startRun({ failure: (at) => (at > 2 * MINUTE && at < 20 * MINUTE ? DOWN : undefined) });
    const seen = await run.watch(25 * MINUTE);
    for (const left of seen) expect(left ?? SECOND).toBeGreaterThanOrEqual(SECOND);
    expect(seen.slice(0, 299).every((left) => left !== undefined)).toBe(true);
    expect(seen.slice(300, 20 * 60).every((left) => left === undefined)).toBe(true);
    expect(seen.slice(20 * 60 + 31).every((left) => left !== undefined)).toBe(true);
    expect(run.notes.filter((line) => line.includes("its file was removed"))).toHaveLength(1);
    expect(run.notes.filter((line) => line.includes("The file has an SVID again"))).toHaveLength(1);
  });

  test("a file that cannot be written is a failure like any other", async () => {
    const run = await startRun({ writable: (at) => at < MINUTE || at > 3 * MINUTE });
    const seen = await run.watch(10 * MINUTE);
    expect(seen).not.toContain(undefined);
    expect(run.notes.join("\n")).toContain("(file_unwritable)");
  });
});

describe("a refusal that stays", () => {
  test("of a token that cannot be renewed is told once, and no other attempt follows", async () => {
    const run = await startRun({ renewable: false, failure: () => REPLAYED });
    await run.clock.advance(5 * MINUTE - SECOND - 1);
    expect(run.left()).toBe(SECOND + 1);
    await run.clock.advance(60 * MINUTE);
    await run.ended;
    expect(run.exchanges).toEqual([270 * SECOND]);
    expect(run.left()).toBeUndefined();
    expect(run.notes).toEqual([
      "The SVID could not be renewed (token_replayed). Used.",
      "  Declare another.",
      "No other attempt follows. The SVID in the file expires in 30s.",
      "The SVID was not renewed, and it expires at 2026-11-01T00:05:00Z: its file was removed.",
    ]);
  });

  test("of fresh tokens is tried again until the SVID expires: a policy may be mended meanwhile", async () => {
    const run = await startRun({ failure: () => DENIED });
    await run.clock.advance(60 * MINUTE);
    await run.ended;
    expect(run.exchanges.length).toBeGreaterThan(5);
    expect(run.exchanges.at(-1)).toBeLessThanOrEqual(5 * MINUTE);
    expect(run.notes.join("\n")).toContain("No other attempt follows.");
    expect(run.left()).toBeUndefined();
  });
});

describe("once the command has ended", () => {
  test("nothing is renewed, removed or told any more, and no pause is left", async () => {
    const run = await startRun({ failure: () => DOWN });
    await run.clock.advance(MINUTE);
    run.abort();
    await run.ended;
    await run.clock.advance(60 * MINUTE);
    expect([run.exchanges, run.notes, run.clock.pending()]).toEqual([[], [], 0]);
    expect(run.left()).toBe(-56 * MINUTE);
  });

  test("an exchange that is under way writes no file", async () => {
    const run = await startRun({ takesMs: 10 * SECOND });
    await run.clock.advance(155 * SECOND);
    run.abort();
    await run.clock.advance(10 * SECOND);
    await run.ended;
    expect(run.exchanges).toHaveLength(1);
    expect(run.left()).toBe(5 * MINUTE - 165 * SECOND);
  });
});

test("whatever fails and however long an exchange takes, no reader ever finds an SVID that has expired", async () => {
  const outage = fc.tuple(fc.nat(20 * 60), fc.nat(10 * 60)).map(([from, length]) => [from, from + length]);
  const failures = fc.constantFrom(DOWN, DENIED);
  await fc.assert(
    fc.asyncProperty(
      fc.array(outage, { maxLength: 4 }),
      failures,
      fc.nat(25_000),
      fc.constantFrom(60, 300, 3_600),
      async (outages, failure, takesMs, lifetime) => {
        const within = (at: number) =>
          outages.some(([from = 0, to = 0]) => at >= from * SECOND && at < to * SECOND);
        const run = await startRun({
          lifetimeMs: lifetime * SECOND,
          takesMs,
          failure: (at) => (within(at) ? failure : undefined),
        });
        for (const left of await run.watch(30 * MINUTE)) expect(left ?? SECOND).toBeGreaterThan(0);
        run.abort();
        await run.clock.advance(MINUTE);
        expect(run.clock.pending()).toBe(0);
      },
    ),
    { numRuns: 25 },
  );
});
