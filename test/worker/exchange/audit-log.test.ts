import { beforeEach, describe, expect, test } from "vitest";
import type { VerifiedClaims } from "../../../shared/claims.ts";
import { type DenialCode, deny } from "../../../shared/denial.ts";
import type { CountedRefusals, Outcome } from "../../../worker/exchange/audit.ts";
import { createAuditLog } from "../../../worker/exchange/audit-log.ts";
import { goodClaims } from "../../shared/subject-token/craft.ts";
import { createClock } from "../../stage/clock.ts";

const START = 1_795_341_600;
const LINES = 100;
const WINDOW = 10;

let clock: ReturnType<typeof createClock>;
let lines: Outcome[];
let counted: CountedRefusals[];
let running: Promise<unknown>[];
let tell: (outcome: Outcome) => void;

beforeEach(() => {
  clock = createClock(0);
  lines = [];
  counted = [];
  running = [];
  const log = createAuditLog({
    write: (outcome) => lines.push(outcome),
    writeCounted: (refusals) => counted.push(refusals),
    pause: clock.pause,
  });
  tell = (outcome) => log(outcome, (work) => running.push(work));
});

function refused(code: DenialCode, after = 0, trail: Outcome["trail"] = {}): Outcome {
  const result = { ok: false, error: deny(code, "No.") } as const;
  return { now: START + after, requestId: "r", result, trail, latencyMs: 0, colo: undefined };
}

const flood = (count: number, code: DenialCode = "token_malformed", after = 0) => {
  for (let i = 0; i < count; i++) tell(refused(code, after));
};

test("a caller who has proved nothing has a line, as long as there are not too many of them", () => {
  flood(LINES);
  expect([lines.length, counted.length, running.length]).toEqual([LINES, 0, 0]);
});

describe("beyond that", () => {
  test("refusals are counted by code, and one line says how many, behind an answer of the window", async () => {
    flood(LINES);
    flood(30);
    flood(12, "signature_invalid", 3);
    expect([lines.length, running.length]).toEqual([LINES, 1]);
    await clock.advance(WINDOW * 1000 - 1);
    expect(counted).toEqual([]);
    await clock.advance(1);
    expect(counted).toEqual([
      { since: START, count: 42, codes: { token_malformed: 30, signature_invalid: 12 } },
    ]);
    await Promise.all(running);
  });

  test("or by the first request after the window, and then not once more", async () => {
    flood(LINES + 5);
    flood(1, "token_malformed", WINDOW);
    expect(counted).toEqual([{ since: START, count: 5, codes: { token_malformed: 5 } }]);
    expect(lines).toHaveLength(LINES + 1);
    await clock.advance(WINDOW * 1000);
    expect(counted).toHaveLength(1);
  });

  test("the next window has lines again, and each refusal is in a line or in a count", async () => {
    for (let after = 0; after < 60; after++) flood(50, "token_malformed", after);
    await clock.advance(2 * WINDOW * 1000);
    const inCounts = counted.reduce((sum, { count }) => sum + count, 0);
    expect([lines.length, lines.length + inCounts]).toEqual([6 * LINES, 60 * 50]);
  });

  test("whoever has proved whose job it is has a line, and so has a success", () => {
    flood(LINES + 1);
    const claims = goodClaims() as VerifiedClaims;
    tell(refused("policy_denied", 0, { claims }));
    tell({ ...refused("policy_denied"), result: { ok: true, value: {} as never } });
    expect(lines).toHaveLength(LINES + 2);
  });

  test("a clock that was set back ends the window", () => {
    flood(LINES + 1);
    flood(1, "token_malformed", -3_600);
    expect([lines.length, counted.length]).toEqual([LINES + 1, 1]);
  });
});
