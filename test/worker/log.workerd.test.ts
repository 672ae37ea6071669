import { afterAll, beforeAll, expect, test } from "vitest";
import { now } from "../../local/clock.ts";
import { type Exchange, startExchange } from "../stage/exchange.ts";

/** No base64 of 32 bytes, as after a slip of the operator's hand. */
const SECRET = "a-sealing-key-that-was-pasted-from-elsewhere";

let lab: Exchange;
beforeAll(async () => {
  lab = await startExchange({ secrets: { KEY_ENCRYPTION_KEY: SECRET } });
});
afterAll(() => lab.close());

type Line = { readonly event?: string };
const linesOf = (event: string) =>
  lab
    .logs()
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line)
    .filter((line) => line.event === event);
const failed = (reason: string) =>
  expect.objectContaining({ event: "keeper_failed", reason, at: expect.any(Array) });

test("a keeper that can't seal says so in its log, to a reader and to cron, and quotes no secret", async () => {
  expect((await lab.fetch("/.well-known/jwks.json")).status).toBe(503);
  await expect.poll(() => linesOf("keeper_failed")).toEqual([failed("kek_invalid"), failed("no_ring")]);

  lab.clearLogs();
  expect(await lab.scheduled(now())).toBe("exception");
  await expect.poll(() => linesOf("keeper_failed")).toEqual([failed("kek_invalid")]);
  expect(linesOf("failure")).toEqual([expect.objectContaining({ where: "scheduled run", name: "Error" })]);

  const everything = lab.logs().join("\n");
  expect(everything).not.toContain(SECRET);
  expect(everything).not.toMatch(/32 bytes/);
});
