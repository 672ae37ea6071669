import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freshSocket, namedSocket } from "../../../shared/workload-api/socket-folder.ts";

let temp: string;
beforeAll(() => {
  temp = fs.mkdtempSync(path.join(tmpdir(), "sockets-"));
});
afterAll(() => fs.rmSync(temp, { recursive: true }));

const ports = { fs, path, platform: "linux" };

test("the folder is its owner's alone, and is removed with the socket", () => {
  const { path: socket, dispose } = freshSocket([temp], ports);
  const folder = path.dirname(socket);
  expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
  expect(path.dirname(folder)).toBe(temp);
  fs.writeFileSync(socket, "");
  dispose();
  expect(fs.existsSync(folder)).toBe(false);
  dispose();
});

test("a temporary folder that is too deep is passed over", () => {
  const deep = path.join(temp, "a".repeat(100));
  fs.mkdirSync(deep);
  const { path: socket } = freshSocket([deep, temp], ports);
  expect(path.dirname(path.dirname(socket))).toBe(temp);
});

test("each socket has a folder of its own", () => {
  expect(freshSocket([temp], ports).path).not.toBe(freshSocket([temp], ports).path);
});

test.each([
  ["linux", 107],
  ["darwin", 103],
  ["freebsd", 103],
])("the path of a socket has so many bytes on %s", (platform, limitBytes) => {
  const named = (place: string) => namedSocket(place, { ...ports, platform });
  const longest = `${temp}/a/`.padEnd(limitBytes, "x");
  expect(named(longest)).toMatchObject({ ok: true, value: { path: longest } });
  const tooLong = { ok: false, error: { code: "path_too_long", limitBytes } };
  expect(named(`${longest}x`)).toEqual(tooLong);
  expect(named(`${longest.slice(0, -1)}ü`)).toEqual(tooLong);
});

describe("at a path that somebody chose", () => {
  test("the missing folders are made, and what is at the path is left: it may be the socket of another server", () => {
    const place = path.join(temp, "deep/er/api.sock");
    const named = namedSocket(place, ports);
    if (!named.ok) throw new Error(named.error.code);
    expect(fs.statSync(path.dirname(place)).mode & 0o777).toBe(0o700);
    fs.writeFileSync(place, "");
    named.value.dispose();
    expect(fs.existsSync(place)).toBe(true);
  });

  test.each([0o755, 0o750, 0o701, 0o777, 0o740])("a folder of mode %o is refused", (mode) => {
    const folder = path.join(temp, `open-${mode}`);
    fs.mkdirSync(folder);
    fs.chmodSync(folder, mode);
    const error = { code: "folder_too_open", folder, mode };
    expect(namedSocket(path.join(folder, "api.sock"), ports)).toEqual({ ok: false, error });
  });
});
