import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { ROWS } from "./cases.ts";
import { verdictOf } from "./verdict.ts";

const server = createTestHarness({
  workers: [
    {
      config: {
        name: "verdicts",
        main: resolve("test/shared/verify/verdict-worker.ts"),
        compatibility_date: "2026-11-17",
        compatibility_flags: ["no_nodejs_compat"],
      },
    },
  ],
});

beforeAll(() => server.listen());
afterAll(() => server.close());

test("every SVID is judged in workerd as in Node, word for word", async () => {
  const body = JSON.stringify(ROWS);
  const response = await server.fetch("http://verdicts.test/", { method: "POST", body });
  const verdicts = (await response.json()) as unknown[];
  expect(verdicts).toEqual(await Promise.all(ROWS.map(verdictOf)));
});
