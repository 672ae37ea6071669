import { describe, expect, test } from "vitest";
import { LINT_RULES } from "../../../../shared/trust/model/problem.ts";
import { ADVICE, documentOf, foundIn, problemsOf, rulesOf } from "../problem-cases.ts";
import { LINT_CASES } from "./lint-cases.ts";

describe.each(Object.entries(LINT_CASES))("%s", (_, cases) => {
  test.each(cases.map((one) => [one[0], one] as const))("%s", async (_it, one) => {
    expect(await problemsOf(documentOf(one))).toEqual(one[3]);
  });
});

test("every rule of lints has cases under its name, and only those that are fine find nothing of it", () => {
  expect(Object.keys(LINT_CASES)).toEqual([...LINT_RULES]);
  for (const [rule, cases] of Object.entries(LINT_CASES)) {
    for (const [it, , , problems] of cases)
      expect(rulesOf(problems).has(rule), it).toBe(!/\bare fine$|\bis fine$/.test(it));
  }
});

test("every message says what to write instead", () => {
  for (const problem of foundIn(LINT_CASES)) expect(problem).toMatch(ADVICE);
});
