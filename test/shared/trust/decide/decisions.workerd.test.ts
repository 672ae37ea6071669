import { resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestHarness } from "wrangler";
import { DECISIONS } from "./decisions.ts";

const server = createTestHarness({
  workers: [
    {
      config: {
        name: "decisions",
        main: resolve("test/shared/trust/decide/decisions-worker.ts"),
        compatibility_date: "2026-11-17",
        compatibility_flags: ["no_nodejs_compat"],
      },
    },
  ],
});

beforeAll(() => server.listen());
afterAll(() => server.close());

test("every decision is the same in workerd", async () => {
  const response = await server.fetch("http://decisions.test/");
  const outcomes = (await response.json()) as unknown[];
  expect(outcomes).toEqual(JSON.parse(JSON.stringify(DECISIONS.map(({ expected }) => expected))));
});
