import { assert, property, uint8Array } from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { decodeBase64url, encodeBase64url } from "../../../shared/strict/base64url.ts";

describe.each(["atob", "fromBase64"])("where the runtime has %s", (decoder) => {
  const native = Object.getOwnPropertyDescriptor(Uint8Array, "fromBase64");
  beforeEach(() => Reflect.deleteProperty(Uint8Array, "fromBase64"));
  afterEach(() => {
    Reflect.deleteProperty(Uint8Array, "fromBase64");
    if (native !== undefined) Object.defineProperty(Uint8Array, "fromBase64", native);
  });

  test("decodes what encoders write, for every length", () => {
    const fromBase64 = vi.fn((text: string, { alphabet }: { alphabet: "base64url" }) =>
      Uint8Array.from(Buffer.from(text, alphabet)),
    );
    if (decoder === "fromBase64") Object.assign(Uint8Array, { fromBase64 });
    assert(
      property(uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase64url(Buffer.from(bytes).toString("base64url"))).toEqual(bytes);
      }),
    );
    expect(fromBase64.mock.calls.length > 0).toBe(decoder === "fromBase64");
  });
});

describe.each(["btoa", "toBase64"])("where the runtime has %s", (encoder) => {
  const native = Object.getOwnPropertyDescriptor(Uint8Array.prototype, "toBase64");
  beforeEach(() => Reflect.deleteProperty(Uint8Array.prototype, "toBase64"));
  afterEach(() => {
    Reflect.deleteProperty(Uint8Array.prototype, "toBase64");
    if (native !== undefined) Object.defineProperty(Uint8Array.prototype, "toBase64", native);
  });

  test("encodes without padding, for every length", () => {
    let calls = 0;
    function toBase64(this: Uint8Array, options: { alphabet: "base64url"; omitPadding: true }): string {
      calls++;
      expect(options.omitPadding).toBe(true);
      return Buffer.from(this).toString(options.alphabet);
    }
    if (encoder === "toBase64") Object.assign(Uint8Array.prototype, { toBase64 });
    assert(
      property(uint8Array({ maxLength: 300 }), (bytes) => {
        expect(encodeBase64url(bytes)).toBe(Buffer.from(bytes).toString("base64url"));
      }),
    );
    expect(calls > 0).toBe(encoder === "toBase64");
  });
});

test("has exactly one text for each sequence of bytes", () => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const pairs = [...alphabet].flatMap((a) => [...alphabet].map((b) => a + b));
  const decoded = pairs.map(decodeBase64url).filter((bytes) => bytes !== undefined);
  expect(decoded).toHaveLength(256);
  expect(new Set(decoded.map(String)).size).toBe(256);
});

test.each([
  ["padding", "QQ=="],
  ["the standard alphabet's plus", "+_8A"],
  ["the standard alphabet's slash", "/_8A"],
  ["a space", "QUJ D"],
  ["a line break", "QUJD\n"],
  ["a dot", "QUJD.A"],
  ["a letter outside ASCII", "QUJDé"],
  ["a letter far outside ASCII", "QUJD\u{1F600}"],
  ["a length that no bytes have", "QUJDQ"],
  ["bits left over after one byte", "QR"],
  ["bits left over after two bytes", "QUJ"],
])("refuses %s", (_, text) => {
  expect(decodeBase64url(text)).toBeUndefined();
});
