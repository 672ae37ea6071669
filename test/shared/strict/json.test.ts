import { assert, bigInt, integer, json, property, string, tuple, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { parseStrictObject } from "../../../shared/strict/json.ts";

const utf8 = new TextEncoder();
const parse = (text: string, maxMembers = 100) => parseStrictObject(utf8.encode(text), maxMembers);
const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

test("reads what JSON.parse reads", () => {
  const text = '{"a":"x:\\"{[,\\\\","b":[1,{"c":null,"a":true}],"__proto__":{"a":1},"é":"\\ud83d\\ude00"}';
  const parsed = parse(text);
  expect(parsed.ok && parsed.value).toEqual(JSON.parse(text));
});

test.each([
  ["twice at the top", '{"a":1,"a":1}'],
  ["twice in an object", '{"o":{"a":1,"b":2,"a":3}}'],
  ["twice in an array's object", '{"l":[1,[{"a":1,"a":2}]]}'],
  ["twice, once escaped", '{"iss":"x","\\u0069ss":"y"}'],
  ["twice, an object that hides one", '{"a":{"b":1},"a":{"c":2}}'],
  ["twice, __proto__", '{"__proto__":{"a":1},"__proto__":{"a":1}}'],
  ["twice, the empty name", '{"":1,"":2}'],
  ["twice behind a string that looks like JSON", '{"s":"{\\"a\\":1}","a":1,"a":2}'],
])("refuses a member that is there %s", (_, text) => {
  expect(parse(text)).toEqual({ ok: false, error: "has the same member twice" });
});

test("takes the same member in two objects, and names in strings", () => {
  expect(parse('{"a":{"a":{"a":"a:a:a"}},"b":[{"a":1},{"a":1}]}').ok).toBe(true);
});

test.each([
  ["a byte order mark", "\ufeff{}", "is not a JSON object"],
  ["an array", "[]", "is not a JSON object"],
  ["null", "null", "is not a JSON object"],
  ["a string", '"x"', "is not a JSON object"],
  ["nothing", "", "is not a JSON object"],
  ["two objects", "{}{}", "is not a JSON object"],
  ["a comment", "{/**/}", "is not a JSON object"],
  ["a trailing comma", '{"a":1,}', "is not a JSON object"],
  ["NaN", '{"a":NaN}', "is not a JSON object"],
  ["a number beyond a double", '{"a":[1e400]}', "has a string or number that has no exact value"],
  ["a lone surrogate", '{"a":"\\ud800"}', "has a string or number that has no exact value"],
  ["a lone surrogate in a name", '{"\\udc00":1}', "has a string or number that has no exact value"],
])("refuses %s", (_, text, error) => {
  expect(parse(text)).toEqual({ ok: false, error });
});

test.each([
  "1.0000000000000001",
  "0.99999999999999999",
  "-1.00000000000000001",
  "9007199254740990.6",
  "90071992547409915e-1",
  "1e-400",
  "0.00000000000000000000001e-999999999999",
  "10000000000000000000000001e-24",
  `1.${"0".repeat(400)}1`,
])("refuses %s, which reads as an integer that it is not", (number) => {
  for (const text of [`{"a":${number}}`, `{"b":true,"a":[false,${number},1]}`]) {
    expect(parse(text)).toEqual({ ok: false, error: "has a string or number that has no exact value" });
  }
  expect(parse(`{"a":"${number}"}`).ok).toBe(true);
});

test.each(["1.0", "-1.0e0", "10e-1", "1e3", "1.5E+1", "0.0", "-0e-5", "1.5", "0.1", "1e300", "17.95e8"])(
  "takes %s as it is",
  (number) => {
    expect(parse(`{"a":${number},"b":[${number},true,false]}`)).toEqual({
      ok: true,
      value: { a: Number(number), b: [Number(number), true, false] },
    });
  },
);

test("refuses a number with a point or an exponent exactly where it reads as another number's integer", () => {
  const number = tuple(bigInt(-(2n ** 60n), 2n ** 60n), integer({ min: -20, max: 3 }));
  assert(
    property(number, ([digits, exponent]) => {
      const isInteger = Number.isInteger(Number(`${digits}e${exponent}`));
      const isExact = exponent >= 0 || digits % 10n ** BigInt(-exponent) === 0n;
      expect(parse(`{"a":${digits}e${exponent}}`).ok).toBe(!isInteger || isExact);
    }),
    { numRuns: 2_000 },
  );
});

test("refuses what is not UTF-8", () => {
  for (const bytes of [
    [0xff],
    [0xc0, 0x80],
    [0xed, 0xa0, 0x80],
    [0x7b, 0x22, 0xe2, 0x82, 0x22, 0x3a, 0x31, 0x7d],
  ]) {
    expect(parseStrictObject(new Uint8Array(bytes), 100)).toEqual({ ok: false, error: "is not UTF-8" });
  }
});

test("bounds depth and members, each to the last one", () => {
  expect(parse(nested(16)).ok).toBe(true);
  expect(parse(nested(17))).toEqual({ ok: false, error: "is nested too deep" });
  expect(parse('{"a":{"b":1},"c":2}', 3).ok).toBe(true);
  expect(parse('{"a":{"b":1},"c":2}', 2)).toEqual({ ok: false, error: "has too many members" });
});

test("survives nesting that would break a recursive parser", () => {
  expect(parse(nested(100_000))).toEqual({ ok: false, error: "is nested too deep" });
});

test("agrees with JSON.parse on every JSON, and never throws on any text or bytes", () => {
  assert(
    property(json({ maxDepth: 6 }), (text) => {
      const value: unknown = JSON.parse(text);
      const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
      const parsed = parse(text, 10_000);
      if (parsed.ok) expect(parsed.value).toEqual(value);
      else
        expect(parsed.error).toBe(
          isObject ? "has a string or number that has no exact value" : "is not a JSON object",
        );
    }),
  );
  assert(property(string({ unit: "binary" }), (text) => typeof parse(text).ok === "boolean"));
  assert(property(uint8Array(), (bytes) => typeof parseStrictObject(bytes, 9).ok === "boolean"));
});
