import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob, matchesGlob } from "../../../../shared/glob.ts";
import { ANY_SEGMENTS, type SegmentForm } from "../../../../shared/trust/lint/id-form.ts";
import { mayMatch } from "../../../../shared/trust/lint/id-pattern.ts";

const START = "spiffe://ci.example.org/";

const word = fc.stringMatching(/^[ab]{0,2}$/);
const value = fc.stringMatching(/^[ab]{1,3}$/);

/** A segment's form, and a segment of it. */
const segment = fc.oneof(
  value.map((text): [SegmentForm, string] => [text, text]),
  fc
    .tuple(word, value, word)
    .map(([start, text, end]): [SegmentForm, string] => [{ start, end }, start + text + end]),
);
const path = fc
  .array(value, { minLength: 1, maxLength: 3 })
  .map((texts): [SegmentForm, string] => [ANY_SEGMENTS, texts.join("/")]);

/** The form of the SPIFFE IDs of a policy, and one of them. */
const identity = fc
  .tuple(fc.array(segment, { maxLength: 2 }), fc.option(path), fc.array(segment, { maxLength: 2 }))
  .map(([before, any, after]) => [...before, ...(any === null ? [] : [any]), ...after])
  .filter((parts) => parts.length > 0)
  .map((parts) => ({
    form: parts.map(([form]) => form),
    id: START + parts.map(([, text]) => text).join("/"),
  }));

/** The ID with stars for some of its characters: what a person writes to match it and others. */
const patternFor = (id: string) =>
  fc
    .array(fc.constantFrom("keep", "keep", "keep", "*", "**"), { minLength: id.length, maxLength: id.length })
    .map((choices) =>
      [...id]
        .map((character, index) => (choices[index] === "keep" ? character : (choices[index] ?? "")))
        .join("")
        .replace(/\*{3,}/g, "**"),
    );

test("a pattern that matches an ID of the form is never said to match none", () => {
  let matched = 0;
  const example = identity.chain(({ form, id }) => fc.tuple(fc.constant({ form, id }), patternFor(id)));
  fc.assert(
    fc.property(example, ([{ form, id }, pattern]) => {
      const glob = compileGlob(pattern);
      if (!glob.ok || !matchesGlob(glob.value, id)) return;
      matched += 1;
      expect(mayMatch(form, START, pattern), `${pattern} for ${id}`).toBe(true);
    }),
    { numRuns: 2_000 },
  );
  expect(matched).toBeGreaterThan(500);
});

test.each<[string, SegmentForm[], string]>([
  ["another trust domain", ["a"], "spiffe://ci.example.net/*"],
  ["no trust domain and no star", ["a"], "spiffe://ci"],
  ["another word", ["github", "7"], `${START}gitlab/*`],
  ["a star that stops at the slash", ["github", "7", "env"], `${START}github/*`],
  ["more segments than there are", ["github"], `${START}github/*/env`],
  ["another word before a path", ["github", ANY_SEGMENTS], `${START}gitlab/**`],
  ["another beginning of a varied segment", [{ start: "job-", end: "" }], `${START}run-*`],
  ["a fixed segment that a varied one never is", [{ start: "job-", end: "" }], `${START}job-`],
])("%s matches none", (_, form, pattern) => {
  expect(mayMatch(form, START, pattern)).toBe(false);
});
