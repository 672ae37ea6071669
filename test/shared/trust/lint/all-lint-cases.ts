import type { Cases } from "../problem-cases.ts";
import { APPLICATION_LINT_CASES } from "./application-lint-cases.ts";
import { LINT_CASES } from "./lint-cases.ts";

const rules = new Set([...Object.keys(LINT_CASES), ...Object.keys(APPLICATION_LINT_CASES)]);

/** Every case of a lint: the rules of policies first, then those that only applications break. */
export const ALL_LINT_CASES: Cases = Object.fromEntries(
  Array.from(rules, (rule) => [rule, [...(LINT_CASES[rule] ?? []), ...(APPLICATION_LINT_CASES[rule] ?? [])]]),
);
