import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorkerd, type Workerd } from "../../stage/workerd.ts";
import { ROWS } from "./cases.ts";
import { verdictOf } from "./verdict.ts";

let workerd: Workerd;
beforeAll(async () => {
  workerd = await startWorkerd({ main: "test/shared/verify/verdict-worker.ts", bindings: "none" });
});
afterAll(() => workerd.close());

test("every SVID is judged in workerd as in Node, word for word", async () => {
  const body = JSON.stringify(ROWS);
  const response = await workerd.fetch("http://verdicts.test/", { method: "POST", body });
  const verdicts = (await response.json()) as unknown[];
  expect(verdicts).toEqual(await Promise.all(ROWS.map(verdictOf)));
});
