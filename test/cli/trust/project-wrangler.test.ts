import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { projectWrangler } from "../../../cli/trust/project-wrangler.ts";

const top = realpathSync(mkdtempSync(join(tmpdir(), "svid-exchange-wrangler-")));
afterAll(() => rmSync(top, { recursive: true, force: true }));

let trees = 0;

/** Makes folders with these files; a path that ends with a slash is a folder. */
function tree(...paths: readonly string[]): string {
  trees += 1;
  const root = join(top, String(trees));
  for (const path of paths) {
    mkdirSync(join(root, path, path.endsWith("/") ? "" : ".."), { recursive: true });
    if (!path.endsWith("/")) writeFileSync(join(root, path), "");
  }
  return root;
}

const BIN = "node_modules/.bin/wrangler";

describe("the wrangler of the project runs", () => {
  test.each<[string, readonly string[], string, string | undefined, string]>([
    ["in its folder", ["a/wrangler.toml", `a/${BIN}`], "a", undefined, "a"],
    ["from a folder below", ["a/wrangler.jsonc", `a/${BIN}`, "a/docs/x/"], "a/docs/x", undefined, "a"],
    [
      "at the root of the workspace",
      ["a/.git/", `a/${BIN}`, "a/edge/wrangler.toml"],
      "a/edge",
      undefined,
      "a",
    ],
    ["by --config", [`b/${BIN}`, "b/wrangler.prod.toml", "a/"], "a", "../b/wrangler.prod.toml", "b"],
  ])("%s", (_, paths, cwd, config, project) => {
    const root = tree(...paths);
    const found = projectWrangler(join(root, cwd), config);
    expect(found).toEqual({ ok: true, value: join(root, project, "node_modules/.bin") });
  });
});

describe("another wrangler does not", () => {
  test.each<[string, readonly string[], string, string | undefined, string]>([
    [
      "one above a project outside of git",
      [BIN, "a/wrangler.toml"],
      "a",
      undefined,
      "is not installed in the project",
    ],
    [
      "one above the repository",
      [BIN, "a/.git/", "a/edge/wrangler.toml"],
      "a/edge",
      undefined,
      "is not installed in the project",
    ],
    [
      "one beside the user and not in the project of --config",
      [`a/${BIN}`, "a/wrangler.toml", "b/wrangler.toml"],
      "a",
      "../b/wrangler.toml",
      "is not installed in the project",
    ],
    ["one where no project is", [BIN, "a/"], "a", undefined, "No wrangler.toml is in"],
  ])("%s", (_, paths, cwd, config, message) => {
    const found = projectWrangler(join(tree(...paths), cwd), config);
    expect(found.ok ? "found" : found.error.message).toContain(message);
  });
});
