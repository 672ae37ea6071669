import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import type { ReplayMode } from "../../../../shared/trust/model/issuer.ts";
import { allowedIssuer, goodClaims, type Json } from "../../../shared/subject-token/craft.ts";

const folder = mkdtempSync(join(tmpdir(), "svid-exchange-replay-"));
writeFileSync(
  join(folder, "wrangler.toml"),
  `name = "replay"
main = "${resolve("test/worker/exchange/replay/guard-main.ts")}"
compatibility_date = "2026-11-17"
[[durable_objects.bindings]]
name = "REPLAY"
class_name = "CountingGuard"
[[migrations]]
tag = "v1"
new_sqlite_classes = ["CountingGuard"]
`,
);
const server = createTestHarness({ workers: [{ configPath: join(folder, "wrangler.toml") }] });

beforeAll(async () => {
  await server.listen();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const inFiveMinutes = Math.floor(Date.now() / 1000) + 300;

interface Options {
  readonly replay?: ReplayMode;
  readonly audience?: string;
  readonly lost?: number;
  readonly times?: number;
}

/** What became of the use, or of each of several tokens, each kind of outcome once. */
async function outcome(claims: Json, options: Options = {}) {
  const { replay = "once", audience = "a", lost = 0, times = 1 } = options;
  const body = JSON.stringify({
    issuer: allowedIssuer({ replay }),
    claims: goodClaims({ exp: inFiveMinutes, ...claims }),
    audience,
    lost,
    times,
  });
  const response = await server.fetch("https://replay.example/", { method: "POST", body } as never);
  return response.text();
}

async function rows(): Promise<number> {
  return (await (await server.fetch("https://replay.example/")).json()) as number;
}

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

test("what has expired is forgotten by itself, and the rest is kept", async () => {
  expect(await outcome({ jti: "long" })).toBe("ok");
  const before = await rows();
  // Kept for 120 s after exp: for five seconds from now.
  const exp = Math.floor(Date.now() / 1000) - 115;
  const used = Array.from({ length: 64 }, (_, i) => outcome({ jti: `short ${i}`, exp }));
  expect(new Set(await Promise.all(used))).toEqual(new Set(["ok"]));
  expect(await rows()).toBeGreaterThan(before);
  await expect.poll(rows, { timeout: 15_000 }).toBe(before);
  expect(await outcome({ jti: "long" })).toBe("token_replayed");
});

test("a guard without room refuses, and has room again once others have expired", async () => {
  const exp = Math.floor(Date.now() / 1000) - 110;
  expect(await outcome({ jti: "fill", exp }, { times: 1_200 })).toBe("ok,replay_guard_unavailable");
  const one = () => outcome({ jti: "after" });
  await expect.poll(one, { timeout: 20_000 }).toMatch(/ok|token_replayed/);
});
