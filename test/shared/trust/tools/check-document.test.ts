import { expect, test } from "vitest";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { checkDocument } from "../../../../shared/trust/tools/check-document.ts";
import { sampleDocument } from "../sample-document.ts";

test("the exchange takes a document whose tests are wrong, and its maintainer is told what is wrong with them", async () => {
  const document = { ...sampleDocument(), tests: [{ name: "lacks the rest" }] };
  expect(compileTrust(document).ok).toBe(true);
  const checked = await checkDocument(document);
  expect(checked.ok ? [] : checked.error.map(({ path, message }) => [...path, message].join(" "))).toEqual([
    "tests 0 issuer is missing; add it",
    "tests 0 expect is missing; add it",
  ]);
});

test("problems of the tests are reported beside those of the rest", async () => {
  const checked = await checkDocument({ ...sampleDocument(), version: 2, tests: [{}] });
  expect(checked.ok ? [] : checked.error.map(({ path }) => path.join("."))).toEqual(["version", "tests.0"]);
});
