import { afterAll, beforeAll, expect, test } from "vitest";
import { now } from "../../../../local/clock.ts";
import type { ReplayMode } from "../../../../shared/trust/model/issuer.ts";
import { allowedIssuer, goodClaims, type Json } from "../../../shared/subject-token/craft.ts";
import { startWorkerd, type Workerd } from "../../../stage/workerd.ts";
import type { Held } from "./guard-main.ts";

/** So many rows are more than one sweep deletes, and fill the guard. */
const LIMITS = { MAX_REPLAY_BYTES: 32 * 1024, REPLAY_SWEEP_ROWS: 20 };

let workerd: Workerd;
beforeAll(async () => {
  workerd = await startWorkerd({
    main: "test/worker/exchange/replay/guard-main.ts",
    bindings: "deployed",
    limits: LIMITS,
  });
});
afterAll(() => workerd.close());

const start = now();

interface Options {
  readonly replay?: ReplayMode;
  readonly audience?: string;
  readonly lost?: number;
  readonly times?: number;
  readonly mode?: "use" | "give-back" | "check";
}

/** What became of the use, or of each of several tokens, each kind of outcome once. */
async function outcome(claims: Json, options: Options = {}) {
  const { replay = "once", audience = "a", lost = 0, times = 1, mode = "use" } = options;
  const body = JSON.stringify({
    issuer: allowedIssuer({ replay }),
    claims: goodClaims({ exp: start + 300, ...claims }),
    audience,
    lost,
    times,
    mode,
  });
  const response = await workerd.fetch("https://replay.example/", { method: "POST", body });
  return response.text();
}

/** What all shards hold, after a sweep at an instant if one is named. */
async function held(sweepAt?: number): Promise<Held> {
  const query = sweepAt === undefined ? "" : `?sweep=${sweepAt}`;
  return (await (await workerd.fetch(`https://replay.example/${query}`)).json()) as Held;
}

const rows = async () => (await held()).rows;

test("once: the first use wins, for any audience", async () => {
  expect(await outcome({ jti: "once" })).toBe("ok");
  expect(await outcome({ jti: "once" })).toBe("token_replayed");
  expect(await outcome({ jti: "once" }, { audience: "b" })).toBe("token_replayed");
});

test("per-audience: one use for each audience", async () => {
  const mode = { replay: "per-audience" } as const;
  expect(await outcome({ jti: "each" }, mode)).toBe("ok");
  expect(await outcome({ jti: "each" }, { ...mode, audience: "b" })).toBe("ok");
  expect(await outcome({ jti: "each" }, mode)).toBe("token_replayed");
});

test("a token is its issuer and its jti, however the two are cut", async () => {
  expect(await outcome({ iss: "https://one.example", jti: "x" })).toBe("ok");
  expect(await outcome({ iss: "https://two.example", jti: "x" })).toBe("ok");
  expect(await outcome({ iss: "https://one.example", jti: 'x","y' })).toBe("ok");
  expect(
    await outcome({ iss: "https://one.example", jti: "x" }, { replay: "per-audience", audience: "y" }),
  ).toBe("ok");
  const cut = { replay: "per-audience" } as const;
  expect(await outcome({ jti: "cd" }, { ...cut, audience: "ef" })).toBe("ok");
  expect(await outcome({ jti: "cde" }, { ...cut, audience: "f" })).toBe("ok");
});

test("off: nobody is asked, and nothing is kept", async () => {
  const before = await rows();
  for (let i = 0; i < 3; i++) expect(await outcome({ jti: "off" }, { replay: "off" })).toBe("ok");
  expect(await rows()).toBe(before);
});

test("of two hundred uses at once exactly one is the first", async () => {
  const outcomes = await Promise.all(Array.from({ length: 200 }, () => outcome({ jti: "together" })));
  expect(outcomes.filter((each) => each === "ok")).toHaveLength(1);
  expect(outcomes.filter((each) => each === "token_replayed")).toHaveLength(199);
});

test("an answer that got lost is asked for again, and is no replay; a guard that is gone refuses", async () => {
  expect(await outcome({ jti: "lost" }, { lost: 1 })).toBe("ok");
  expect(await outcome({ jti: "lost" })).toBe("token_replayed");
  expect(await outcome({ jti: "gone" }, { lost: 2 })).toBe("replay_guard_unavailable");
});

test("asked without using up, a guard says what it would say, keeps nothing, and is asked again where it is silent", async () => {
  const before = await rows();
  for (let i = 0; i < 3; i++) expect(await outcome({ jti: "asked" }, { mode: "check" })).toBe("ok");
  expect(await rows()).toBe(before);
  expect(await outcome({ jti: "asked" })).toBe("ok");
  expect(await outcome({ jti: "asked" }, { mode: "check" })).toBe("token_replayed");
  expect(await outcome({ jti: "asked" }, { mode: "check", lost: 1 })).toBe("token_replayed");
  expect(await outcome({ jti: "asked" }, { mode: "check", lost: 2 })).toBe("replay_guard_unavailable");
  const each = { replay: "per-audience", mode: "check" } as const;
  expect(await outcome({ jti: "asked" }, { ...each, audience: "b" })).toBe("ok");
  expect(await outcome({ jti: "asked" }, { replay: "off", mode: "check" })).toBe("ok");
});

test("a use that is given back by its own attempt may happen again, and no other use goes with it", async () => {
  const before = await rows();
  expect(await outcome({ jti: "back" }, { mode: "give-back" })).toBe("ok");
  expect(await rows()).toBe(before);
  expect(await outcome({ jti: "back" })).toBe("ok");
  expect(await outcome({ jti: "back" }, { mode: "give-back" })).toBe("token_replayed");
  expect(await outcome({ jti: "back" })).toBe("token_replayed");
  expect(await rows()).toBe(before + 1);
});

/** A use is kept for the minute of clock skew that the issuer may have, and one for that of our machines. */
const KEPT_AFTER_EXP = 120;

test("what has expired is forgotten at its time, and the rest is kept", async () => {
  expect(await outcome({ jti: "long" })).toBe("ok");
  const before = await rows();
  const used = Array.from({ length: 64 }, (_, i) => outcome({ jti: `short ${i}`, exp: start + 60 }));
  expect(new Set(await Promise.all(used))).toEqual(new Set(["ok"]));
  const keptUntil = start + 60 + KEPT_AFTER_EXP;
  expect(await held()).toEqual({ rows: before + 64, nextSweep: keptUntil });
  expect((await held(keptUntil - 1)).rows).toBe(before + 64);
  expect(await held(keptUntil)).toEqual({ rows: before, nextSweep: start + 300 + KEPT_AFTER_EXP });
  expect(await outcome({ jti: "long" })).toBe("token_replayed");
});

test("the platform's alarm forgets it without being asked", async () => {
  const before = await rows();
  expect(await outcome({ jti: "ends now", exp: now() - KEPT_AFTER_EXP + 1 })).toBe("ok");
  await expect.poll(rows, { timeout: 20_000 }).toBe(before);
});

test("a guard without room refuses, and has room again once others have expired, a part at a time", async () => {
  const exp = start + 60;
  expect(await outcome({ jti: "fill", exp }, { times: 1_200 })).toBe("ok,replay_guard_unavailable");
  expect(await outcome({ jti: "after" })).toBe("replay_guard_unavailable");
  const full = await rows();
  const at = exp + KEPT_AFTER_EXP;
  const swept = await held(at);
  expect(swept.nextSweep).toBe(at + 60);
  expect(swept.rows).toBeLessThan(full);
  expect(swept.rows).toBeGreaterThanOrEqual(full - 16 * LIMITS.REPLAY_SWEEP_ROWS);
  for (let sweep = 1; sweep < 10; sweep++) await held(at + 60 * sweep);
  expect(await outcome({ jti: "after" })).toBe("ok");
});
