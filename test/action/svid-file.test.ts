import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { placeSvidFile, removeSvidFile, writeSvidFile } from "../../action/svid-file.ts";
import { expectMode } from "./secrecy.ts";

const temp = mkdtempSync(join(tmpdir(), "svid-file-"));
afterAll(() => rmSync(temp, { recursive: true, force: true }));

test("a fresh file is its owner's alone, in a folder of its own, and leaves nothing", async () => {
  const [one, other] = [await placeSvidFile(undefined, temp), await placeSvidFile(undefined, temp)];
  expect(one.path).not.toBe(other.path);
  await writeSvidFile(one, "svid");
  expect(readFileSync(one.path, "utf8")).toBe("svid");
  expectMode(one.path, "600");
  expectMode(dirname(one.path), "700");
  await removeSvidFile(one);
  await removeSvidFile(other);
  expect(readdirSync(temp)).toEqual([]);
});

test("a named file is made absolute, with its folders", async () => {
  const file = await placeSvidFile(join(temp, "a/b/svid.jwt"), "unused");
  await writeSvidFile(file, "svid");
  expect(isAbsolute((await placeSvidFile("svid.jwt", temp)).path)).toBe(true);
  expectMode(file.path, "600");
  await removeSvidFile(file);
  expect(existsSync(dirname(file.path))).toBe(true);
});

// On Windows, only an administrator makes links.
test.skipIf(process.platform === "win32")(
  "what stands there is replaced, neither followed nor widened",
  async () => {
    const target = join(temp, "somebody-elses");
    const path = join(temp, "link");
    writeFileSync(target, "untouched", { mode: 0o644 });
    symlinkSync(target, path);
    await writeSvidFile({ path }, "svid");
    expect(readFileSync(target, "utf8")).toBe("untouched");
    expect(readFileSync(path, "utf8")).toBe("svid");
    expectMode(path, "600");
  },
);

test("a failure leaves no half-written file", async () => {
  const path = join(temp, "folder", "in-the-way");
  await placeSvidFile(path, temp);
  await writeSvidFile({ path: join(path, "x") }, "svid");
  await expect(writeSvidFile({ path }, "secret")).rejects.toThrow();
  expect(readdirSync(join(temp, "folder"))).toEqual(["in-the-way"]);
});

test("taking away what is gone is no error", async () => {
  await removeSvidFile({ path: join(temp, "never"), folder: join(temp, "neither") });
});
