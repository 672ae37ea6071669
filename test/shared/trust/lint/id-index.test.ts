import fc from "fast-check";
import { expect, test } from "vitest";
import { ANY_SEGMENTS, type IdForm, type SegmentForm } from "../../../../shared/trust/lint/id-form.ts";
import { IdIndex } from "../../../../shared/trust/lint/id-index.ts";
import type { Policy } from "../../../../shared/trust/model/policy.ts";

const policy = (name: string) => ({ name }) as Policy;
const namesFor = (forms: readonly IdForm[], form: IdForm): string[] => {
  const index = new IdIndex();
  forms.forEach((one, n) => {
    index.add(one, `kind ${n}`, policy(`p${n}`));
  });
  return [...index.sharing(form)].map(([, { name }]) => name).sort();
};

/** The segments of one SPIFFE ID, and a form that it has: each segment as it is, or with a part of it varied. */
const segments = fc.array(fc.constantFrom("a", "ab", "b1", "12", "1", "7a"), { minLength: 1, maxLength: 5 });

function formOf(ids: readonly string[], choices: readonly number[]): IdForm {
  const form = ids.map((id, at): SegmentForm => {
    const choice = choices[at] ?? 0;
    if (choice === 1)
      return { start: "", end: "", ...(/^[0-9]+$/.test(id) ? { digits: true as const } : {}) };
    if (choice === 2 && id.length > 1) return { start: id.slice(0, 1), end: "" };
    return choice === 3 && id.length > 1 ? { start: "", end: id.slice(1) } : id;
  });
  const [from = 0, length = 0] = choices.slice(5);
  const end = Math.min(form.length, from + length);
  return end > from ? [...form.slice(0, from), ANY_SEGMENTS, ...form.slice(end)] : form;
}

const choices = fc.tuple(
  ...Array.from({ length: 5 }, () => fc.nat({ max: 3 })),
  fc.nat({ max: 4 }),
  fc.nat({ max: 3 }),
);

test("whoever has an ID of a form is found by every other form of that ID", () => {
  fc.assert(
    fc.property(
      segments,
      choices,
      choices,
      fc.array(fc.tuple(segments, choices)),
      (ids, one, other, noise) => {
        const forms = [formOf(ids, one), ...noise.map(([more, how]) => formOf(more, how))];
        expect(namesFor(forms, formOf(ids, other))).toContain("p0");
      },
    ),
    { numRuns: 3_000 },
  );
});

test.each<[string, IdForm, IdForm, boolean]>([
  ["one word", ["a"], ["a"], true],
  ["two words", ["a"], ["b"], false],
  ["a word and anything", ["a", { start: "", end: "" }], ["a", "b"], true],
  ["a longer path", ["a", { start: "", end: "" }], ["a", "b", "c"], false],
  ["a number and a word", ["a", { start: "", end: "", digits: true }], ["a", "b"], false],
  ["a number and its digits", ["a", { start: "", end: "", digits: true }], ["a", "12"], true],
  [
    "a number and what begins with a word",
    [{ start: "", end: "", digits: true }],
    [{ start: "x-", end: "" }],
    false,
  ],
  [
    "a number and what ends with a digit",
    [{ start: "", end: "", digits: true }],
    [{ start: "", end: "7" }],
    true,
  ],
  ["two beginnings", [{ start: "a-", end: "" }], [{ start: "b-", end: "" }], false],
  ["a beginning of a beginning", [{ start: "a-", end: "" }], [{ start: "a-b-", end: "" }], true],
  ["any segments and one", [ANY_SEGMENTS], ["a"], true],
  ["any segments and several", ["x", ANY_SEGMENTS, "z"], ["x", "a", "b", "c", "z"], true],
  ["any segments are not none", ["x", ANY_SEGMENTS], ["x"], false],
  ["any segments twice", [ANY_SEGMENTS, "z"], ["a", ANY_SEGMENTS], true],
  ["any segments and another end", ["x", ANY_SEGMENTS, "z"], ["x", "a", "y"], false],
])("%s", (_, left, right, share) => {
  expect([namesFor([left], right), namesFor([right], left)]).toEqual(share ? [["p0"], ["p0"]] : [[], []]);
});

test("ten thousand words are found without looking at each", () => {
  const index = new IdIndex();
  for (let n = 0; n < 10_000; n++) index.add(["github", String(n), "main"], "kind", policy(`p${n}`));
  expect([...index.sharing(["github", "777", "main"])].map(([, { name }]) => name)).toEqual(["p777"]);
  expect(index.steps).toBe(0);
});
