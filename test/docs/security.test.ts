import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The threats of SECURITY.md: a table for each `###` below `## Threats`, with the cells of each row. */
function threatsIn(page: string): string[][] {
  const [, threats = ""] = /^## Threats[^\n]*\n([\s\S]*?)^## /m.exec(page) ?? [];
  return threats
    .split("\n")
    .filter((line) => line.startsWith("| ") && !line.startsWith("| threat |"))
    .map((line) => line.slice(2, -2).split(" | "));
}

interface Shown {
  readonly file: string;
  readonly tests: readonly string[];
}

/** A cell such as `headers.ts`: "one test", "another"; `keys.ts`: "a third", by files below test/. */
function shownBy(cell: string): Shown[] {
  return [...cell.matchAll(/`([^`]+)`: ((?:"[^"]+"(?:, )?)+)/g)].map(([, file = "", names = ""]) => ({
    file: `test/${file}`,
    tests: [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name),
  }));
}

/** Where the name of a test, of a group of tests or of a row of a table begins. */
const BEFORE_A_NAME = [
  "^\\s*", // a row, or the first argument on a line of its own
  "[[{]\\s*", // a row in one line
  "\\b(?:name|says|it): ",
  "\\b(?:test_?|describe|row|select|rows)\\(",
  "\\b(?:test|describe)\\.each\\(.*\\)\\(",
].join("|");

function holds(text: string, name: string): boolean {
  const literal = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?:${BEFORE_A_NAME})(["'])${literal}\\1|^\\s*${literal}: `, "m").test(text);
}

/** The tests of a cell that are not there. */
function missing({ file, tests }: Shown): string[] {
  if (!existsSync(file)) return [`${file} does not exist`];
  const text = readFileSync(file, "utf8");
  return tests.filter((name) => !holds(text, name)).map((name) => `${file} has no test "${name}"`);
}

const rows = threatsIn(readFileSync("SECURITY.md", "utf8"));

test("the page has its threats, each with what stops it and the tests that show it", () => {
  expect(rows.length).toBeGreaterThan(35);
  expect(rows.filter((cells) => cells.length !== 3).map(([threat]) => threat)).toEqual([]);
  expect(rows.filter(([, , cell = ""]) => shownBy(cell).length === 0).map(([threat]) => threat)).toEqual([]);
});

test.each(rows.map(([threat = "", , cell = ""]) => [threat, cell] as const))("%s", (_, cell) => {
  const shown = shownBy(cell);
  const written = shown.map(
    ({ file, tests }) => `\`${file.slice(5)}\`: ${tests.map((name) => `"${name}"`).join(", ")}`,
  );
  expect(written.join("; ")).toBe(cell);
  expect(shown.flatMap(missing)).toEqual([]);
});

test("a test that is not there is seen", () => {
  const file = "test/docs/security.test.ts";
  expect(missing({ file: "test/docs/nowhere.test.ts", tests: [] })).toEqual([
    "test/docs/nowhere.test.ts does not exist",
  ]);
  expect(missing({ file, tests: ["a test that is not there is seen", "nobody's test"] })).toEqual([
    `${file} has no test "nobody's test"`,
  ]);
});
