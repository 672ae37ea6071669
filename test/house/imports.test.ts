import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** Which top-level folders each one may import. A folder that is not listed may not exist. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  shared: ["shared"],
  worker: ["worker", "shared"],
  action: ["action", "shared"],
  cli: ["cli", "shared"],
  verify: ["verify", "shared"],
  local: ["local", "shared"],
  scripts: ["scripts", "shared", "local"],
  bench: ["bench", "shared", "worker", "local"],
  examples: ["examples", "verify"],
  test: ["test", "shared", "worker", "action", "cli", "verify", "local", "scripts"],
};

/** The only packages that pure code may use: they do no I/O and know no runtime. */
const PURE_PACKAGES = ["@noble/hashes", "yaml"];

interface Import {
  readonly from: string;
  readonly to: string;
}

const IMPORT =
  /^\s*(?:import|export)\s[^"']*?from\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;

function importsOf(file: string): Import[] {
  const found = readFileSync(file, "utf8").matchAll(IMPORT);
  return [...found].map(([, a, b, c]) => ({ from: file, to: a ?? b ?? c ?? "" }));
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(
      (entry) =>
        entry.isFile() && /(?<!\.d)\.(ts|mts|mjs)$/.test(entry.name) && !entry.parentPath.includes("dist"),
    )
    .map((entry) => join(entry.parentPath, entry.name));
}

const folders = Object.keys(MAY_IMPORT).filter((folder) => readdirSync(".").includes(folder));
const imports = folders.flatMap(sources).flatMap(importsOf);
const relativeImports = imports
  .filter(({ to }) => to.startsWith("."))
  .map(({ from, to }) => ({ from, to: relative(".", join(dirname(from), to)) }));

const top = (path: string): string => path.split("/")[0] ?? "";

test("the scan finds the imports there are", () => {
  expect(relativeImports).toContainEqual({ from: "worker/main.ts", to: "worker/app.ts" });
  expect(relativeImports.length).toBeGreaterThan(30);
});

test("folders import in one direction only", () => {
  const wrong = relativeImports.filter(({ from, to }) => !MAY_IMPORT[top(from)]?.includes(top(to)));
  expect(wrong.filter(({ to }) => to.includes("/"))).toEqual([]);
});

test("shared code uses pure packages only", () => {
  const packages = imports.filter(({ from, to }) => top(from) === "shared" && !to.startsWith("."));
  const impure = packages.filter(
    ({ to }) => !PURE_PACKAGES.some((name) => to === name || to.startsWith(`${name}/`)),
  );
  expect(impure).toEqual([]);
});

test("only main.ts, app.ts, services.ts and the Durable Objects see the Worker's environment", () => {
  const readers = relativeImports.filter(({ to }) => to === "worker/env.ts").map(({ from }) => from);
  const allowed = /^worker\/(main|app|services|signing\/keeper\/keeper|exchange\/replay\/guard)\.ts$/;
  expect(readers.filter((file) => top(file) === "worker" && !allowed.test(file))).toEqual([]);
});

test("docs/explanation/architecture.md says what belongs in each folder", () => {
  const page = readFileSync("docs/explanation/architecture.md", "utf8");
  expect(folders.filter((folder) => !page.includes(`\`${folder}/`))).toEqual([]);
});

test("no file re-exports a folder", () => {
  expect(folders.flatMap(sources).filter((file) => file.endsWith("/index.ts"))).toEqual([]);
});

test("imports form no cycle", () => {
  const next = Map.groupBy(relativeImports, ({ from }) => from);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file))
      throw new Error(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" -> ")}`);
    if (done.has(file)) return;
    for (const { to } of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
});
