import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorkerd, type Workerd } from "../../stage/workerd.ts";
import { signatureVectors } from "./signature-vectors.ts";

let workerd: Workerd;
beforeAll(async () => {
  workerd = await startWorkerd({ main: "test/shared/jwk/signature-worker.ts", bindings: "none" });
});
afterAll(() => workerd.close());

const vectors = signatureVectors();
const goods = vectors.filter(({ valid }) => valid).length;

test(`of ${vectors.length} signatures in workerd, the ${goods} good ones hold and no other, and none throws`, async () => {
  const body = JSON.stringify(vectors);
  const response = await workerd.fetch("http://vectors.test/", { method: "POST", body });
  const holds = (await response.json()) as readonly boolean[];
  expect(vectors.map(({ name }, index) => ({ name, holds: holds[index] }))).toEqual(
    vectors.map(({ name, valid }) => ({ name, holds: valid })),
  );
});
