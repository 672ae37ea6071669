import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  /** A folder of this repository, which git holds. */
  readonly link?: boolean;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly hasInstallScript?: boolean;
}

const read = (file: string) => JSON.parse(readFileSync(file, "utf8"));
const lockfile: Readonly<Record<string, Locked>> = read("package-lock.json").packages;
const installed = Object.entries(lockfile).filter(
  ([path, { link }]) => path.includes("node_modules/") && link !== true,
);
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
  expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});

test("the lockfile holds a SHA-512 of every package, for every platform", () => {
  expect(installed.length).toBeGreaterThan(100);
  const unpinned = installed.filter(
    ([, { integrity = "" }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity),
  );
  expect(unpinned.map(([path]) => path)).toEqual([]);
});

test("no folder is linked into the dependencies but the toolchain", () => {
  const links = Object.entries(lockfile).filter(([, { link }]) => link === true);
  expect(links).toEqual([["node_modules/toolchain", { resolved: "scripts/toolchain", link: true }]]);
});

test("every version is exact, so that a clean clone builds what was tested", () => {
  const { toolchain, ...packages } = manifest.devDependencies;
  expect(toolchain).toBe("file:scripts/toolchain");
  const wanted = Object.entries({
    ...packages,
    ...read("scripts/toolchain/package.json").optionalDependencies,
  });
  expect(wanted.filter(([, range]) => !/^\d/.test(String(range)))).toEqual([]);
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

test("the tests run on a Node that the lockfile pins by its hash, and every platform has the same one", () => {
  const nodes = Object.entries(read("scripts/toolchain/package.json").optionalDependencies);
  expect(nodes.map(([name]) => name)).toContain(`node-${process.platform}-${process.arch}`);
  for (const [name, version] of nodes) {
    expect(process.version).toBe(`v${version}`);
    expect(lockfile[`node_modules/${name}`]).toMatchObject({ version, integrity: expect.any(String) });
  }
});

test("npm 10, which links no programs of the toolchain, is given the link before anything is built", () => {
  expect(manifest.scripts.prepare).toMatch(/^node scripts\/link-node\.mjs && npm run /);
});
