import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { ROOMS, WIRING } from "../../scripts/house.ts";
import { sourcesBelow } from "./sources.ts";

/** Top folders of code. `verify` is the package of services, `examples` what users copy. */
const TOPS = ["shared", "worker", "action", "cli", "verify", "local", "scripts", "bench", "examples", "test"];

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

const present = TOPS.filter((folder) => existsSync(folder));
const imports = present.flatMap(sourcesBelow).flatMap(importsOf);
const relativeImports = imports
  .filter(({ to }) => to.startsWith("."))
  .map(({ from, to }) => ({ from, to: relative(".", join(dirname(from), to)) }));

const top = (path: string): string => path.split("/")[0] ?? "";
const folders = [...new Set(present.flatMap(sourcesBelow).map(dirname))];

/** Whether a folder's row in the table of rooms lets its files import a file of another folder. */
function mayImport({ from, to }: Import): boolean {
  const [own, other] = [dirname(from), dirname(to)];
  if (own === other || top(from) === "test") return true;
  if (WIRING[own]?.includes(basename(from))) return top(to) === top(from) || top(to) === "shared";
  const allowed = ROOMS[own]?.imports ?? [];
  return allowed.some(
    (row) => row === other || (row.endsWith("/**") && `${other}/`.startsWith(row.slice(0, -2))),
  );
}

test("the scan finds the imports there are", () => {
  expect(relativeImports).toContainEqual({ from: "worker/main.ts", to: "worker/app.ts" });
  expect(relativeImports.length).toBeGreaterThan(300);
});

test("the law tells a right import from a wrong one", () => {
  expect(mayImport({ from: "worker/http/token.ts", to: "worker/exchange/exchange.ts" })).toBe(true);
  expect(mayImport({ from: "worker/exchange/exchange.ts", to: "worker/http/token.ts" })).toBe(false);
  expect(mayImport({ from: "cli/trust/starter.ts", to: "worker/limits.ts" })).toBe(false);
  expect(mayImport({ from: "shared/trust/lint/lint.ts", to: "shared/trust/tools/explain.ts" })).toBe(false);
});

test("each folder imports what its row in the table of rooms lets it, and nothing else", () => {
  expect(relativeImports.filter(({ to }) => to.endsWith(".ts")).filter((one) => !mayImport(one))).toEqual([]);
});

test("no row of the table lets a folder import what lies above it", () => {
  const order = Object.keys(ROOMS);
  const upward = order.flatMap((path, index) =>
    (ROOMS[path]?.imports ?? [])
      .filter((row) => !row.endsWith("/**") && order.indexOf(row) > index)
      .map((row) => `${path} -> ${row}`),
  );
  expect(upward).toEqual([]);
});

test("every permission of the table is used, and every folder of code has its row", () => {
  const used = new Set(relativeImports.map(({ from, to }) => `${dirname(from)} -> ${dirname(to)}`));
  const unused = Object.entries(ROOMS).flatMap(([path, { imports: rows = [] }]) =>
    rows
      .filter((row) => !row.endsWith("/**") && !used.has(`${path} -> ${row}`))
      .map((row) => `${path} -> ${row}`),
  );
  expect(unused).toEqual([]);
  expect(folders.filter((folder) => top(folder) !== "test" && ROOMS[folder] === undefined)).toEqual([]);
});

test("nothing imports test/", () => {
  expect(relativeImports.filter(({ from, to }) => top(to) === "test" && top(from) !== "test")).toEqual([]);
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

test("docs/explanation/architecture.md shows the table of rooms", () => {
  const page = readFileSync("docs/explanation/architecture.md", "utf8");
  const rows = [...page.matchAll(/^\| `([a-z/-]+)\/` \| (.*) \|$/gm)].map(([, path, purpose]) => [
    path,
    purpose,
  ]);
  expect(rows).toEqual(Object.entries(ROOMS).map(([path, { purpose }]) => [path, purpose]));
});

test("no file re-exports a folder", () => {
  expect(present.flatMap(sourcesBelow).filter((file) => file.endsWith("/index.ts"))).toEqual([]);
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
