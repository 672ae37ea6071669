import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ENDPOINT_ROWS } from "./endpoint-rows.ts";
import { VALIDATION_ROWS } from "./validation-rows.ts";
import { type Subject, startSubject } from "./world.ts";

/**
 * What the SPIFFE standards demand of whoever serves the Workload API, clause by clause. The rows of validation follow
 * the catalogue of the SPIFFE conformance test suite for clients, since `ValidateJWTSVID` judges in their place.
 */
const ROWS = [...ENDPOINT_ROWS, ...VALIDATION_ROWS];

let subject: Subject;
beforeEach(async () => {
  subject = await startSubject();
});
afterEach(() => subject.close());

test.each(ROWS)("$clause ($level): $what", async ({ check }) => {
  await check(subject);
});

test("docs/reference/workload-api-conformance.md has these rows", () => {
  const page = readFileSync("docs/reference/workload-api-conformance.md", "utf8");
  const rows = [...page.matchAll(/^\| (.*) \| (MUST|SHOULD|MAY) \| (.*) \| (.*) \|$/gm)];
  expect(rows.map(([, clause, level, what, verdict]) => [clause, level, what, verdict])).toEqual(
    ROWS.map(({ clause, level, what, deviation }) => [clause, level, what, deviation ?? "yes"]),
  );
});
