import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { placeSvidFile } from "../../action/svid-file.ts";

const temp = mkdtempSync(join(tmpdir(), "svid-file-"));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

test("a named file is made absolute, and its folders are made", () => {
  const file = placeSvidFile(join(temp, "a/b/svid.jwt"), "unused");
  expect(file).toEqual({ path: join(temp, "a/b/svid.jwt") });
  expect(readdirSync(join(temp, "a"))).toEqual(["b"]);
  expect(isAbsolute(placeSvidFile("svid.jwt", temp).path)).toBe(true);
});

test("without a name, each file has a fresh folder below the runner's own", () => {
  const [one, other] = [placeSvidFile(undefined, temp), placeSvidFile(undefined, temp)];
  expect(one.path).not.toBe(other.path);
  expect(dirname(one.path)).toBe(one.folder);
  expect(dirname(one.folder ?? "")).toBe(temp);
});
