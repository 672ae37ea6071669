import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { schemaText, trustSchema } from "../../../../scripts/generate-schema.ts";
import { BASE } from "../base-document.ts";
import { APPLICATION_ERROR_CASES } from "../compile/application-error-cases.ts";
import { ERROR_CASES } from "../compile/error-cases.ts";
import { ALL_LINT_CASES } from "../lint/all-lint-cases.ts";
import { documentOf } from "../problem-cases.ts";
import { sampleDocument } from "../sample-document.ts";

const takes = new Ajv({ allowUnionTypes: true, unicodeRegExp: true }).compile(trustSchema());

test("trust.schema.json is what the shapes say; run npm run schema where it is not", () => {
  expect(readFileSync("trust.schema.json", "utf8")).toBe(schemaText());
});

test.each([
  ["the repository's own document", () => parse(readFileSync("trust.yaml", "utf8"))],
  ["the sample", sampleDocument],
  ["the document of the cases", () => parse(BASE)],
])("%s is taken", (_, document) => {
  expect(takes(document()), JSON.stringify(takes.errors)).toBe(true);
});

describe("whatever compiles is taken", () => {
  const fine = Object.values(ALL_LINT_CASES).flat();
  test.each(fine.map((one) => [one[0], one] as const))("%s", (_, one) => {
    expect(takes(parse(documentOf(one))), JSON.stringify(takes.errors)).toBe(true);
  });
});

/** What the schema can't say: it takes these, and the compiler refuses them. */
const BEYOND = [
  "a trust domain in capitals",
  "a trust domain with a scheme",
  "a lifetime too long",
  "a lifetime too short",
  "a rotation too long",
  "the name of a trait with a blank",
  "no audience for a service",
  "no caller",
  "two callers",
  "an SVID of nobody",
];

const PARTS = ["the document", "conditions", "tests"];

describe("what an editor can see is refused", () => {
  const ofParts = Object.entries(ERROR_CASES).filter(([part]) => PARTS.includes(part));
  const shapes = [...ofParts, ...Object.entries(APPLICATION_ERROR_CASES)]
    .flatMap(([, cases]) => cases)
    .filter(
      ([it, , , found]) =>
        !BEYOND.includes(it) && found.some((problem) => / (?:shape|condition): /.test(problem)),
    );
  test.each(shapes.map((one) => [one[0], one] as const))("%s", (_, one) => {
    expect(takes(parse(documentOf(one)))).toBe(false);
  });
});
