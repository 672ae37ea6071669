import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { MAX_CONCURRENT_STREAMS } from "../../shared/grpc/server.ts";
import { STATUS_CODES } from "../../shared/grpc/status.ts";
import { MAX_AUDIENCES } from "../../shared/renewal/svid-source.ts";
import { REFRESH_SECONDS } from "../../shared/workload-api/bundle-feed.ts";
import { MAX_REQUEST_BYTES } from "../../shared/workload-api/service.ts";

const page = readFileSync("docs/reference/workload-api.md", "utf8");

/** The rows of the table below a heading, cell by cell. */
function tableBelow(heading: string): string[][] {
  const section = page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| "));
  return rows.slice(2).map((row) =>
    row
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

test("the page has every status that the server gives, by its name in gRPC", () => {
  const names = Object.keys(STATUS_CODES)
    .filter((name) => name !== "ok")
    .map((name) => `\`${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}\``);
  expect(
    tableBelow("Status codes")
      .map(([name]) => name)
      .sort(),
  ).toEqual(names.sort());
});

test("the page has the limits of the code", () => {
  const limits = Object.fromEntries(tableBelow("Limits").map(([what = "", value = ""]) => [what, value]));
  const thousands = (number: number): string => number.toLocaleString("en-US");
  expect(limits).toEqual({
    "message of a request": `${MAX_REQUEST_BYTES / 1024} KiB`,
    "calls at once, for each connection": thousands(MAX_CONCURRENT_STREAMS),
    "audiences with an SVID": thousands(MAX_AUDIENCES),
    "shortest time between two reads of the bundle": `${REFRESH_SECONDS.shortest} s`,
    "longest time between two reads of the bundle": `${thousands(REFRESH_SECONDS.longest)} s`,
    "time between two reads without a hint": `${REFRESH_SECONDS.usual} s`,
  });
});

test("the page has the methods of the Workload API", () => {
  const methods = tableBelow("Methods").flatMap(([cell = ""]) => cell.match(/[A-Z]\w+/g) ?? []);
  const source = readFileSync("shared/workload-api/service.ts", "utf8");
  const served = [...source.matchAll(/^ {4}\["(\w+)", /gm)].map(([, name]) => name);
  expect(served).toHaveLength(5);
  expect(methods.sort()).toEqual(served.sort());
});
