import { expect, test } from "vitest";
import { didYouMean, endWithSuggestion } from "../../shared/nearest-word.ts";

const KNOWN = ["github", "gitlab", "jwt"];

test.each([
  ["githb", "; did you mean github?"],
  ["GitLab", "; did you mean gitlab?"],
  ["corp", ""],
])("%s is a typo of at most two edits, in any case, or none", (word, hint) => {
  expect(didYouMean(word, KNOWN)).toBe(hint);
});

test("a sentence ends with the question or with a full stop, and never with both", () => {
  expect(`There is no githb${endWithSuggestion("githb", KNOWN)}`).toBe(
    "There is no githb; did you mean github?",
  );
  expect(`There is no corp${endWithSuggestion("corp", KNOWN)}`).toBe("There is no corp.");
});
