import { describe, expect, test } from "vitest";
import { LINT_RULES } from "../../../../shared/trust/model/problem.ts";
import { ADVICE, documentOf, foundIn, problemsOf, rulesOf } from "../problem-cases.ts";
import { ALL_LINT_CASES as CASES } from "./all-lint-cases.ts";

describe.each(Object.entries(CASES))("%s", (_, cases) => {
  test.each(cases.map((one) => [one[0], one] as const))("%s", async (_it, one) => {
    expect(await problemsOf(documentOf(one))).toEqual(one[3]);
  });
});

test("every rule of lints has cases under its name, and only those that are fine find nothing of it", () => {
  expect(Object.keys(CASES)).toEqual([...LINT_RULES]);
  for (const [rule, cases] of Object.entries(CASES)) {
    for (const [it, , , problems] of cases)
      expect(rulesOf(problems).has(rule), it).toBe(!/\bare fine$|\bis fine$/.test(it));
  }
});

test("every message says what to write instead", () => {
  for (const problem of foundIn(CASES)) expect(problem).toMatch(ADVICE);
});
