import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

const ROOT = "shared/trust";
const page = readFileSync(join(ROOT, "README.md"), "utf8");

test("every file that the page names is there", () => {
  const named = [...page.matchAll(/`([a-z-]+\/)?([a-z-]+\.ts)`/g)].map(
    ([, folder = "model/", file = ""]) => folder + file,
  );
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test("each folder imports the folders that the page allows it, and no other", () => {
  const rows = [...page.matchAll(/^\| `([a-z]+)\/` \| ((?:`[a-z/]+\/`(?: \(types\))?(?:, )?)+) \|$/gm)];
  const allowed = rows.map(([, folder = "", cells = ""]) => [
    folder,
    [...cells.matchAll(/`([a-z/]+)\/`/g)].map(([, name]) => name).sort(),
  ]);
  expect(Object.fromEntries(allowed)).toEqual(
    Object.fromEntries(foldersOf(ROOT).map((folder) => [folder, importedBy(folder)])),
  );
});

function foldersOf(path: string): readonly string[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );
}

/** The other folders that the files of a stage import: by name within the engine, else by path; not `shared/` itself. */
function importedBy(folder: string): readonly string[] {
  const here = join(ROOT, folder);
  const folders = readdirSync(here).flatMap((file) =>
    [...readFileSync(join(here, file), "utf8").matchAll(/from "(\.[^"]+)"/g)].map(([, to = ""]) =>
      dirname(join(here, to)),
    ),
  );
  const others = new Set(folders.filter((path) => path !== here && path !== "shared"));
  return [...others].map((path) => (path.startsWith(ROOT) ? relative(ROOT, path) : path)).sort();
}
