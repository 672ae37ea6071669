import { createHmac, hkdfSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createValueMac } from "../../../worker/store/value-mac.ts";

const SECRET = Buffer.alloc(32, 1);
const CURRENT = SECRET.toString("base64");
const PREVIOUS = Buffer.alloc(32, 2).toString("base64");

const VALUE = { text: '{"keys":[]}', attributes: { age: 7 } };
const NAME = "upstream/a";
const mac = createValueMac({ current: CURRENT }, "upstreamKeys");
const stored = await mac.protect(NAME, VALUE);
const [line = "", text = ""] = stored.split("\n");

test("what was protected is opened, also by a Worker that has the secret as the former one", async () => {
  expect(await mac.open(NAME, stored)).toEqual({ ok: true, value: VALUE });
  const changed = createValueMac({ current: PREVIOUS, previous: CURRENT }, "upstreamKeys");
  expect(await changed.open(NAME, stored)).toEqual({ ok: true, value: VALUE });
});

test("the former secret protects where it is asked for by its id", async () => {
  const changed = createValueMac({ current: PREVIOUS, previous: CURRENT }, "upstreamKeys");
  const { kek } = JSON.parse(line);
  expect(await changed.protect(NAME, VALUE, kek)).toBe(stored);
  expect(await changed.protect(NAME, VALUE)).not.toBe(stored);
  await expect(mac.protect(NAME, VALUE, "unknown")).rejects.toThrow("kek_unknown");
});

test("a line end that a file added does no harm", async () => {
  expect(await mac.open(NAME, `${stored}\n`)).toEqual({ ok: true, value: VALUE });
});

test("the MAC is HMAC-SHA-256 with a key of HKDF-SHA-256, by another implementation", () => {
  const key = hkdfSync("sha256", SECRET, "", "svid-exchange/mac/upstream-keys/v1", 32);
  const input = JSON.stringify([NAME, VALUE.attributes, VALUE.text]);
  const expected = createHmac("sha256", Buffer.from(key)).update(input).digest("base64url");
  expect(JSON.parse(line)).toEqual({ version: 1, kek: expect.any(String), mac: expected, age: 7 });
});

describe("a value is not used", () => {
  const header = JSON.parse(line);
  const withHeader = (change: object): string => `${JSON.stringify({ ...header, ...change })}\n${text}`;

  test.each([
    ["its text was changed", stored.replace("[]", "[1]"), "mac_invalid"],
    ["an attribute was changed", withHeader({ age: 8 }), "mac_invalid"],
    ["an attribute was added", withHeader({ more: 1 }), "mac_invalid"],
    ["the MAC was changed", withHeader({ mac: header.mac.replace(/^./, "_") }), "mac_invalid"],
    ["the MAC was cut short", withHeader({ mac: header.mac.slice(0, 8) }), "mac_invalid"],
    ["the MAC is empty", withHeader({ mac: "" }), "mac_invalid"],
    ["the MAC is not base64url", withHeader({ mac: "=" }), "mac_invalid"],
    ["the MAC is missing", withHeader({ mac: null }), "mac_missing"],
    ["the line is of another version", withHeader({ version: 2 }), "mac_missing"],
    ["the line is missing", text, "mac_missing"],
    ["the line is not JSON", `x\n${text}`, "mac_missing"],
    ["the line is no object", `[]\n${text}`, "mac_missing"],
    ["it is empty", "", "mac_missing"],
    ["the secret is not configured", withHeader({ kek: "unknown" }), "kek_unknown"],
    ["the secret has a name that every object inherits", withHeader({ kek: "constructor" }), "kek_unknown"],
  ])("where %s", async (_, changed, failure) => {
    expect(await mac.open(NAME, changed)).toEqual({ ok: false, error: failure });
  });

  test("where it is under another key than the one that it was made for", async () => {
    expect(await mac.open("upstream/b", stored)).toEqual({ ok: false, error: "mac_invalid" });
  });

  test("where it is of another kind: each kind has a key of its own", async () => {
    const ring = createValueMac({ current: CURRENT }, "ring");
    expect(await ring.open(NAME, stored)).toEqual({ ok: false, error: "mac_invalid" });
  });

  test("where the secret is malformed", async () => {
    const malformed = createValueMac({ current: "c2hvcnQ=" }, "upstreamKeys");
    expect(await malformed.open(NAME, stored)).toEqual({ ok: false, error: "kek_invalid" });
    await expect(malformed.protect(NAME, VALUE)).rejects.toThrow("kek_invalid");
  });
});
