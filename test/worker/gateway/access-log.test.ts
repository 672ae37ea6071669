import { describe, expect, test } from "vitest";
import { deny } from "../../../shared/denial.ts";
import {
  type AccessOutcome,
  accessFields,
  accessPoint,
  createAccessLog,
} from "../../../worker/gateway/access-log.ts";

/** Seconds are counted from here. */
const START = 1_800_000_000;

function outcome(second: number, more: Partial<AccessOutcome> = {}): AccessOutcome {
  return {
    now: START + second,
    requestId: `r${second}`,
    application: "app",
    configVersion: "v1",
    trail: { tokenHash: "t1" },
    latencyMs: 7.6,
    colo: "FRA",
    ...more,
  };
}

/** The lines of a log that takes these outcomes, as `SECOND REQUEST-ID REQUESTS`. */
function linesOf(outcomes: readonly AccessOutcome[]): readonly string[] {
  const lines: string[] = [];
  let at = 0;
  const record = createAccessLog(({ requestId }, requests) => lines.push(`${at} ${requestId} ${requests}`));
  for (const one of outcomes) {
    at = one.now - START;
    record(one);
  }
  return lines;
}

const other = { trail: { tokenHash: "t2" } };
const refusal = { denial: deny("application_denied", "No.") };

describe("lines", () => {
  test("the first request of a token has its line at once, and the next line of a minute later counts what came between", () => {
    expect(linesOf([0, 1, 2, 59, 60, 61, 125].map((second) => outcome(second)))).toEqual([
      "0 r0 1",
      "60 r60 4",
      "125 r125 2",
    ]);
  });

  test("every refusal has a line", () => {
    expect(linesOf([0, 1, 2].map((second) => outcome(second, refusal)))).toEqual([
      "0 r0 1",
      "1 r1 1",
      "2 r2 1",
    ]);
  });

  test("tokens and applications are told apart", () => {
    expect(
      linesOf([outcome(0), outcome(1, other), outcome(2, { application: "other" }), outcome(3)]),
    ).toEqual(["0 r0 1", "1 r1 1", "2 r2 1"]);
  });

  test("a caller that stops is told of with somebody's later request, a refused one too", () => {
    expect(linesOf([outcome(0), outcome(5), outcome(6), outcome(70, { ...other, ...refusal })])).toEqual([
      "0 r0 1",
      "70 r70 1",
      "70 r6 2",
    ]);
  });

  test("a caller that came once is told of once", () => {
    expect(linesOf([outcome(0), outcome(70, other), outcome(140, other)])).toEqual([
      "0 r0 1",
      "70 r70 1",
      "140 r140 1",
    ]);
  });

  test("no request is lost, whatever the rhythm", () => {
    const seconds = Array.from({ length: 500 }, (_, index) => Math.floor(index ** 1.3));
    const lines = linesOf([...seconds.map((second) => outcome(second)), outcome(100_000, other)]);
    const counted = lines.reduce((sum, line) => sum + Number(line.split(" ")[2]), 0);
    expect(counted).toBe(seconds.length + 1);
  });

  test("a clock that is set back silences nobody", () => {
    expect(linesOf([outcome(1_000), outcome(0), outcome(30)])).toEqual(["1000 r1000 1", "0 r0 1"]);
  });
});

describe("what a line says", () => {
  test.each([
    [undefined, "allowed"],
    [deny("caller_token_missing", "No."), "denied"],
    [deny("origin_failed", "No."), "failed"],
    [deny("signing_keys_unavailable", "No."), "failed"],
  ])("the decision of %j is %s", (denial, decision) => {
    const one = outcome(0, denial === undefined ? {} : { denial });
    expect(accessFields(one, 1)).toMatchObject({ decision, code: denial?.code, requests: 1, latency_ms: 8 });
    expect(accessPoint(one, 3)).toEqual({
      indexes: ["app"],
      blobs: [decision, denial?.code ?? "", "gateway", "app", "", "FRA"],
      doubles: [7.6, 3],
    });
  });
});
