import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOMS } from "../../../scripts/house.ts";

const ROOT = "shared/trust";
const page = readFileSync(join(ROOT, "README.md"), "utf8");

test("every file that the page names is there", () => {
  const named = [...page.matchAll(/`([a-z-]+\/)?([a-z-]+\.ts)`/g)].map(
    ([, folder = "model/", file = ""]) => folder + file,
  );
  expect(named.length).toBeGreaterThan(25);
  expect(named.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test("the page says of each folder what the table of rooms lets it import", () => {
  const rows = [...page.matchAll(/^\| `([a-z]+)\/` \| ((?:`[a-z/]+\/`(?: \(types\))?(?:, )?)+) \|$/gm)];
  const said = rows.map(([, folder = "", cells = ""]) => [
    `${ROOT}/${folder}`,
    [...cells.matchAll(/`([a-z/]+)\/`/g)].map(([, name = ""]) => name).sort(),
  ]);
  const lawful = Object.entries(ROOMS)
    .filter(([path]) => path.startsWith(`${ROOT}/`))
    .map(([path, { imports = [] }]) => [
      path,
      imports
        .filter((name) => name !== "shared")
        .map((name) => name.replace(`${ROOT}/`, ""))
        .sort(),
    ]);
  expect(Object.fromEntries(said)).toEqual(Object.fromEntries(lawful));
});
