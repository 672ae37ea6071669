import { describe, expect, test } from "vitest";
import { rotationProblem } from "../../../../shared/rotate-every.ts";
import { ERROR_RULES } from "../../../../shared/trust/model/problem.ts";
import { BASE } from "../base-document.ts";
import { ADVICE, documentOf, foundIn, problemsOf, rulesOf } from "../problem-cases.ts";
import { APPLICATION_ERROR_CASES } from "./application-error-cases.ts";
import { ERROR_CASES } from "./error-cases.ts";

const CASES = { ...ERROR_CASES, ...APPLICATION_ERROR_CASES };

const TOO_SHORT = rotationProblem(7_200) ?? "";

test("the document that the cases edit has no problem", async () => {
  expect(await problemsOf(BASE)).toEqual([]);
});

describe.each(Object.entries(CASES))("%s", (_, cases) => {
  test.each(cases.map((one) => [one[0], one] as const))("%s", async (_it, one) => {
    expect(await problemsOf(documentOf(one))).toEqual(
      one[3].map((problem) => problem.replace("@ROTATION", TOO_SHORT)),
    );
  });
});

test("every rule of errors has a case, and every case finds an error", () => {
  expect(rulesOf(foundIn(CASES))).toEqual(new Set(ERROR_RULES));
  for (const [it, , , problems] of Object.values(CASES).flat()) expect(problems, it).not.toEqual([]);
});

test("every message says what to write instead", () => {
  for (const problem of foundIn(CASES)) expect(problem).toMatch(ADVICE);
});
