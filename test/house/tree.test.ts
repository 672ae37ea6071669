import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";

/** Folders that test the whole and not one folder of the source. */
const OF_THE_WHOLE = /^(stage|attacks|simulation|house|judges|faults|interop)(\/|$)/;

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

test("test/stage/README.md shows every part of the stage, by its name or by what it exports", () => {
  const page = readFileSync("test/stage/README.md", "utf8");
  const parts = readdirSync("test/stage").filter((name) => name !== "README.md");
  const namesOf = (part: string): string[] => {
    const exported = readFileSync(join("test/stage", part), "utf8").matchAll(
      /^export (?:async )?(?:function|const) (\w+)/gm,
    );
    return [part, part.replace(/\.\w+$/, ""), ...[...exported].map(([, name = ""]) => name)];
  };
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.filter((part) => !namesOf(part).some((name) => page.includes(`\`${name}\``)))).toEqual([]);
});
