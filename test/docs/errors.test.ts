import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { DENIALS } from "../../shared/denial.ts";
import type { DenialRow } from "../../shared/denial-row.ts";

const sections = new Map(
  readFileSync("docs/reference/errors.md", "utf8")
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section]),
);

test("docs/reference/errors.md has a section for every denial code and no other, in the table's order", () => {
  expect([...sections.keys()]).toEqual(Object.keys(DENIALS));
});

test.each(Object.entries<DenialRow>(DENIALS))("%s is documented as it is answered", (code, row) => {
  const section = sections.get(code);
  expect(section).toContain(`\`${row.error}\` · ${row.status} · ${row.retryable ? "retryable" : "final"}`);
  expect(section).toContain(`*${row.hint}*`);
  expect(section?.split("\n").filter((line) => line !== "").length).toBeGreaterThanOrEqual(4);
});
