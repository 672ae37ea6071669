import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorkerd, type Workerd } from "../../../stage/workerd.ts";
import { DECISIONS } from "./decisions.ts";

let workerd: Workerd;
beforeAll(async () => {
  workerd = await startWorkerd({ main: "test/shared/trust/decide/decisions-worker.ts", bindings: "none" });
});
afterAll(() => workerd.close());

test("every decision is the same in workerd", async () => {
  const response = await workerd.fetch("http://decisions.test/");
  const outcomes = (await response.json()) as unknown[];
  expect(outcomes).toEqual(JSON.parse(JSON.stringify(DECISIONS.map(({ expected }) => expected))));
});
