import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const workerSources = readdirSync("worker", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, text: readFileSync(join("worker", file), "utf8") }));
const using = (name: string) =>
  workerSources.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text)).map(({ file }) => file);

test("the Worker decides on verified claims alone", () => {
  expect(using("attributesOf")).toEqual(["exchange/exchange.ts", "gateway/job-caller.ts"]);
  expect(using("svidAttributesOf")).toEqual(["gateway/job-caller.ts", "gateway/svid-caller.ts"]);
  expect(using("supposedAttributesOf")).toEqual([]);
  expect(using("supposedSvidAttributesOf")).toEqual([]);
});
