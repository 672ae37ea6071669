import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

/** Folders that test the whole and not one folder of the source. */
const OF_THE_WHOLE = /^(stage|attacks|simulation|house|judges|faults)(\/|$)/;

const folders = readdirSync("test", { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => relative("test", join(entry.parentPath, entry.name)));

/** A folder that only holds rows or cases may stand below the folder that it is for. */
const holdsTests = (folder: string) =>
  readdirSync(join("test", folder)).some((name) => name.endsWith(".test.ts"));

test("each folder of tests is a folder of the source, or is about the whole", () => {
  expect(folders).toContain("worker/signing/ring");
  const strangers = folders.filter(
    (folder) => holdsTests(folder) && !OF_THE_WHOLE.test(folder) && !existsSync(folder),
  );
  expect(strangers).toEqual([]);
});
