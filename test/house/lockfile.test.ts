import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const lockfile: Readonly<Record<string, Locked>> = read("package-lock.json").packages;
const manifest = read("package.json");
const named = (name: string) =>
  Object.entries(lockfile).filter(([path]) => path.endsWith(`node_modules/${name}`));

test("there is one workerd, and the miniflare is the one that wrangler depends on", () => {
  expect(named("workerd")).toHaveLength(1);
  expect(named("miniflare")).toHaveLength(1);
  const wanted = lockfile["node_modules/wrangler"]?.dependencies?.["miniflare"];
  expect(lockfile["node_modules/miniflare"]?.version).toBe(wanted);
});

test("the lockfile holds no download addresses", () => {
  expect(Object.entries(lockfile).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test("every version is exact, so that a clean clone builds what was tested", () => {
  const ranges = Object.entries(manifest.devDependencies).filter(([, range]) => !/^\d/.test(String(range)));
  expect(ranges).toEqual([]);
});

test("nothing is installed at run time: what ships is bundled", () => {
  expect(manifest.dependencies).toBeUndefined();
});

test("install scripts run only where they are needed, and each one is listed", () => {
  const withScripts = Object.entries(lockfile).filter(
    ([, { hasInstallScript }]) => hasInstallScript === true,
  );
  const names = withScripts.map(([path]) => path.replace(/^.*node_modules\//, ""));
  const onThisPlatform = names.filter((name) => name !== "fsevents");
  expect(new Set(onThisPlatform)).toEqual(new Set(Object.keys(manifest.allowScripts)));
});

test("the tests run on the Node that the lockfile pins", () => {
  expect(process.version).toBe(`v${lockfile["node_modules/node"]?.version}`);
});
