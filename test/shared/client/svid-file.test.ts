import { randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, expect, test } from "vitest";
import {
  type FilePorts,
  freshSvidFile,
  removeSvidFile,
  writeSvidFile,
} from "../../../shared/client/svid-file.ts";

const temp = fs.mkdtempSync(path.join(tmpdir(), "svid-file-"));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));

const ports: FilePorts = { fs, path, randomName: randomUUID };
const inTemp = (name: string): string => path.join(temp, name);

/** Windows has no permission bits: there, a file has the rights of its folder. */
function expectMode(file: string, mode: number): void {
  if (process.platform !== "win32") expect(fs.statSync(file).mode & 0o777).toBe(mode);
}

test("a fresh file is its owner's alone, in a folder of its own, and leaves nothing", () => {
  const [one, other] = [freshSvidFile(temp, ports), freshSvidFile(temp, ports)];
  expect(one.path).not.toBe(other.path);
  writeSvidFile(one, "svid", ports);
  expect(fs.readFileSync(one.path, "utf8")).toBe("svid");
  expectMode(one.path, 0o600);
  expectMode(path.dirname(one.path), 0o700);
  expect(fs.readdirSync(path.dirname(one.path))).toEqual(["svid.jwt"]);
  removeSvidFile(one, ports);
  removeSvidFile(other, ports);
  expect(fs.readdirSync(temp)).toEqual([]);
});

test("a copy of the SVID in the folder that was made for it goes with it", () => {
  const file = freshSvidFile(temp, ports);
  fs.writeFileSync(path.join(file.folder ?? "", "copy"), "svid");
  removeSvidFile(file, ports);
  expect(fs.readdirSync(temp)).toEqual([]);
});

test("the folder of a file that the user named stays", () => {
  const folder = inTemp("own");
  fs.mkdirSync(folder);
  const file = { path: path.join(folder, "svid.jwt") };
  writeSvidFile(file, "one", ports);
  writeSvidFile(file, "two", ports);
  expect(fs.readFileSync(file.path, "utf8")).toBe("two");
  removeSvidFile(file, ports);
  expect(fs.readdirSync(folder)).toEqual([]);
});

// On Windows, only an administrator makes links.
test.skipIf(process.platform === "win32")("a link is replaced, and not followed", () => {
  const target = inTemp("somebody-elses");
  fs.writeFileSync(target, "untouched", { mode: 0o644 });
  fs.symlinkSync(target, inTemp("link"));
  writeSvidFile({ path: inTemp("link") }, "svid", ports);
  expect(fs.readFileSync(target, "utf8")).toBe("untouched");
  expect(fs.readFileSync(inTemp("link"), "utf8")).toBe("svid");
  expectMode(inTemp("link"), 0o600);
});

test("a file with wider permissions is replaced, and a umask takes nothing from the owner", () => {
  const file = { path: inTemp("open") };
  fs.writeFileSync(file.path, "old", { mode: 0o644 });
  const umask = process.umask(0o377);
  try {
    writeSvidFile(file, "svid", ports);
  } finally {
    process.umask(umask);
  }
  expectMode(file.path, 0o600);
});

test("a failure leaves the old file, and no half-written one beside it", () => {
  const folder = inTemp("failing");
  fs.mkdirSync(folder);
  const file = { path: path.join(folder, "svid.jwt") };
  writeSvidFile(file, "old", ports);
  const full: FilePorts = {
    ...ports,
    fs: {
      ...fs,
      renameSync: () => {
        throw Object.assign(new Error(), { code: "ENOSPC" });
      },
    },
  };
  expect(() => writeSvidFile(file, "new", full)).toThrow(expect.objectContaining({ code: "ENOSPC" }));
  expect(fs.readdirSync(folder)).toEqual(["svid.jwt"]);
  expect(fs.readFileSync(file.path, "utf8")).toBe("old");
});

test("a folder where the file should be is left alone", () => {
  const folder = inTemp("in-the-way");
  fs.mkdirSync(path.join(folder, "svid.jwt", "full"), { recursive: true });
  const code = expect.stringMatching(/^(EISDIR|ENOTEMPTY|EEXIST|EPERM)$/);
  expect(() => writeSvidFile({ path: path.join(folder, "svid.jwt") }, "secret", ports)).toThrow(
    expect.objectContaining({ code }),
  );
  expect(fs.readdirSync(folder)).toEqual(["svid.jwt"]);
});

test("the removal of a file that is gone is no error", () => {
  removeSvidFile({ path: inTemp("never"), folder: inTemp("neither") }, ports);
});
