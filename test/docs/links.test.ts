import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";

const pages = ["README.md", "SECURITY.md", ...markdownBelow("docs"), ...markdownBelow("examples")].filter(
  existsSync,
);

function markdownBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files.filter((file) => file.endsWith(".md")).map((file) => join(folder, file));
}

/** The anchors that GitHub makes of a page's headings. */
function anchors(page: string): Set<string> {
  const headings = readFileSync(page, "utf8").matchAll(/^#+ (.+)$/gm);
  return new Set([...headings].map(([, heading = ""]) => slug(heading)));
}

function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/ /g, "-");
}

function brokenLinks(page: string): string[] {
  const text = readFileSync(page, "utf8").replace(/```[\s\S]*?```/g, "");
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links.filter((link) => !/^[a-z]+:/.test(link)).filter((link) => !resolves(page, link));
}

function resolves(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchors(target).has(anchor);
}

describe("links between pages lead somewhere", () => {
  test.each(pages.map((page) => [page]))("%s", (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});

test("the check sees a broken link", () => {
  expect(resolves("README.md", "docs/nowhere.md")).toBe(false);
  expect(resolves("README.md", "docs/reference/errors.md#no_such_code")).toBe(false);
  expect(resolves("README.md", "docs/reference/errors.md#policy_denied")).toBe(true);
});
