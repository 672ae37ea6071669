import { expect, test } from "vitest";
import { judgeSignature } from "./judge-signature.ts";
import { signatureVectors } from "./signature-vectors.ts";

const vectors = signatureVectors();
const goods = vectors.filter(({ valid }) => valid).length;

test(`of ${vectors.length} signatures in Node, the ${goods} good ones hold and no other, and none throws`, async () => {
  expect(vectors.length).toBeGreaterThan(250);
  const verdicts = await Promise.all(
    vectors.map(async (vector) => ({ name: vector.name, holds: await judgeSignature(vector) })),
  );
  expect(verdicts).toEqual(vectors.map(({ name, valid }) => ({ name, holds: valid })));
});
