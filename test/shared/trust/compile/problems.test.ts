import { describe, expect, test } from "vitest";
import { rotationProblem } from "../../../../shared/rotate-every.ts";
import { ERROR_RULES, LINT_RULES } from "../../../../shared/trust/model/problem.ts";
import { BASE, documentOf, problemsOf } from "../base-document.ts";
import { LINT_CASES } from "../lint/lint-cases.ts";
import { ERROR_CASES } from "./error-cases.ts";

const TOO_SHORT = rotationProblem(7_200) ?? "";

test("the document that the cases edit has no problem", () => {
  expect(problemsOf(BASE)).toEqual([]);
});

describe.each(Object.entries({ ...ERROR_CASES, ...LINT_CASES }))("%s", (_, cases) => {
  test.each(cases.map((one) => [one[0], one] as const))("%s", (_it, one) => {
    expect(problemsOf(documentOf(one))).toEqual(
      one[3].map((problem) => problem.replace("@ROTATION", TOO_SHORT)),
    );
  });
});

const found = (cases: typeof ERROR_CASES) =>
  Object.values(cases)
    .flat()
    .flatMap(([, , , problems]) => problems);
const rulesOf = (problems: readonly string[]) =>
  new Set(problems.map((problem) => /^\d+:\d+ \w+ ([a-z-]+):/.exec(problem)?.[1]));

test("every rule of errors has a case, and every case finds an error", () => {
  expect(rulesOf(found(ERROR_CASES))).toEqual(new Set(ERROR_RULES));
  for (const [it, , , problems] of Object.values(ERROR_CASES).flat()) expect(problems, it).not.toEqual([]);
});

test("every rule of lints has cases under its name, and only those that are fine find nothing of it", () => {
  expect(Object.keys(LINT_CASES)).toEqual([...LINT_RULES]);
  for (const [rule, cases] of Object.entries(LINT_CASES)) {
    for (const [it, , , problems] of cases)
      expect(rulesOf(problems).has(rule), it).toBe(!/\bare fine$|\bis fine$/.test(it));
  }
});

test("every message says what to write instead", () => {
  const advice =
    /; (?:write|add|remove|keep|put|use|match|copy|narrow|correct|limit|have the issuer|did you mean|check its spelling)\b/;
  for (const problem of [...found(ERROR_CASES), ...found(LINT_CASES)]) expect(problem).toMatch(advice);
});
