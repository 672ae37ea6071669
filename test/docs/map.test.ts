import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const MAP = "README.md";

/** The rows of the map: `<kind>: <text of the link> -> <target of the link>`. */
function pagesOnMap(): string[] {
  const sections = readFileSync(`docs/${MAP}`, "utf8").split(/^## /m).slice(1);
  return sections.flatMap((section) => {
    const kind = section.slice(0, section.indexOf(":")).toLowerCase();
    return [...section.matchAll(/^\| \[([^\]]+)\]\(([^)]+)\)/gm)].map(
      ([, text, link]) => `${kind}: ${text} -> ${link}`,
    );
  });
}

function pagesBelowDocs(): string[] {
  const files = readdirSync("docs", { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".md") && file !== MAP);
}

/** How `pagesOnMap` gives a page that stands under the heading of its folder. */
function entryOf(page: string): string {
  return `${page.split("/")[0]}: ${page} -> ${page}`;
}

test("the map has every page, once, under the kind that its folder names", () => {
  const inDocs = pagesOnMap().filter((entry) => !entry.includes("-> ../"));
  expect(inDocs.sort()).toEqual(pagesBelowDocs().map(entryOf).sort());
});

test("README.md links to the map", () => {
  expect(readFileSync("README.md", "utf8")).toContain("(docs/README.md)");
});
