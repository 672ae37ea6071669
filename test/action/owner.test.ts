import { expect, test } from "vitest";
import { isAlive, ownerOf } from "../../action/background/owner.ts";

/** No machine gives so high a pid. */
const NO_PID = 2 ** 30;

test("a process is alive until it ends", () => {
  expect(isAlive(ownerOf(process.pid) ?? { pid: NO_PID })).toBe(true);
  expect(isAlive({ pid: NO_PID })).toBe(false);
});

test.runIf(process.platform === "linux")(
  "another process with the pid of an earlier one is not that one",
  () => {
    const own = ownerOf(process.pid);
    expect(own).toEqual({ pid: process.pid, startedAt: expect.stringMatching(/^\d+$/) });
    expect(isAlive({ pid: process.pid, startedAt: "1" })).toBe(false);
  },
);

test("a step in a container has no parent that it could watch", () => {
  expect(ownerOf(0)).toBeUndefined();
});
