import { describe, expect, test } from "vitest";
import { DECISIONS, decideRow } from "./decisions.ts";

test("the table is large, and no two rows say the same", () => {
  const names = DECISIONS.map(({ it, claims }) => `${it} ${JSON.stringify(claims)}`);
  expect(new Set(names).size).toBe(names.length);
  expect(DECISIONS.length).toBeGreaterThanOrEqual(150);
});

describe("decisions", () => {
  test.each(DECISIONS.map((row) => [row.it, row] as const))("%s", (_, row) => {
    expect(decideRow(row)).toEqual(row.expected);
  });
});
