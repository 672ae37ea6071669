import fc from "fast-check";
import { expect, test } from "vitest";
import { OK, status, statusTrailers } from "../../../shared/grpc/status.ts";
import { parseTimeout } from "../../../shared/grpc/timeout.ts";

test("a message crosses as printable ASCII and comes back by percent-decoding", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 200 }), (message) => {
      const { "grpc-message": crossed = "" } = statusTrailers(status("internal", message));
      expect(crossed).toMatch(/^[\x20-\x7e]*$/);
      expect(decodeURIComponent(crossed)).toBe(message.toWellFormed());
    }),
  );
});

test("a message is cut where it would break the limits of clients, and never in the middle of a character", () => {
  const { "grpc-message": crossed = "" } = statusTrailers(status("internal", `a${"😀".repeat(5_000)}`));
  expect(crossed.length).toBeLessThan(7_000);
  expect(decodeURIComponent(crossed)).toMatch(/^a(😀)+\.\.\.$/u);
});

test("a success has no message", () => {
  expect(statusTrailers(OK)).toEqual({ "grpc-status": "0" });
  expect(statusTrailers(status("permissionDenied", "no"))).toEqual({
    "grpc-status": "7",
    "grpc-message": "no",
  });
});

test.each([
  ["1H", 3_600_000],
  ["2M", 120_000],
  ["3S", 3_000],
  ["40m", 40],
  ["1500u", 2],
  ["1n", 1],
  ["0m", 0],
  ["00000007S", 7_000],
  // A timer of Node takes no longer time, and nothing here lives for weeks.
  ["99999999H", undefined],
  [undefined, undefined],
])("the timeout %s is %s ms", (header, value) => {
  expect(parseTimeout(header)).toEqual({ ok: true, value });
});

test.each(["", "1", "S", "1s", "1.5S", "-1S", " 1S", "1S ", "123456789S", "1SS", "0x1S"])(
  "the timeout %j is malformed",
  (header) => {
    expect(parseTimeout(header)).toEqual({ ok: false, error: "the header grpc-timeout is malformed" });
  },
);
