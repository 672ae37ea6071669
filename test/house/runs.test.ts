import { readdirSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { RUNS } from "../runs.ts";

type Run = keyof typeof RUNS;

/** What starts another process: workerd, a built program, or the tools of a maintainer. */
const STARTERS = ["node:child_process", "miniflare", "wrangler"];

const files = readdirSync("test", { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => join("test", name));

const matches = (file: string, globs: readonly string[]) => globs.some((glob) => matchesGlob(file, glob));

function runsOf(file: string): Run[] {
  const names = Object.keys(RUNS) as Run[];
  return names.filter((name) => matches(file, RUNS[name].include) && !matches(file, RUNS[name].exclude));
}

const filesOf = (run: Run) => files.filter((file) => runsOf(file).includes(run));

/** The modules of each file that it loads when it runs, directly or by way of others: types are not among them. */
const { inputs } = (
  await build({
    entryPoints: files,
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    packages: "external",
    external: ["cloudflare:*"],
    outdir: "nowhere",
    logLevel: "error",
  })
).metafile;

function startersOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file)) return [];
  seen.add(file);
  return (inputs[file]?.imports ?? []).flatMap(({ path, external }) =>
    external === true ? STARTERS.filter((starter) => starter === path) : startersOf(path, seen),
  );
}

test("every test file belongs to exactly one run", () => {
  expect(files.length).toBeGreaterThan(60);
  expect(files.filter((file) => runsOf(file).length !== 1)).toEqual([]);
  for (const run of ["fast", "workerd", "slow"] as const) expect(filesOf(run).length).toBeGreaterThan(2);
});

test("a fast file starts no other process", () => {
  expect(filesOf("fast").filter((file) => startersOf(file).length > 0)).toEqual([]);
});

test("a file of the run workerd starts one: pure code is tested in the fast run", () => {
  expect(filesOf("workerd").filter((file) => startersOf(file).length === 0)).toEqual([]);
});
