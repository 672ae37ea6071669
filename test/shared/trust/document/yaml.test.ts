import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { parseTrustYaml } from "../../../../shared/trust/document/yaml.ts";
import { BASE } from "../base-document.ts";

test("entries are where an editor shows them", () => {
  const parsed = parseTrustYaml(BASE);
  if (!parsed.ok) throw new Error("the base is good");
  const { positionOf } = parsed.value;
  expect(positionOf([])).toEqual({ line: 1, column: 1 });
  expect(positionOf(["svid", "ttl"])).toEqual({ line: 4, column: 8 });
  expect(positionOf(["policies", 1])).toEqual({ line: 19, column: 5 });
  expect(positionOf(["policies", 0, "match", "jwt.claim.ref"])).toEqual({ line: 16, column: 7 });
  expect(positionOf(["policies", 0, "nowhere", 3])).toEqual({ line: 12, column: 5 });
});

test("any text at all is read without a throw", () => {
  const yamlish = fc.string({
    unit: fc.constantFrom(
      "a",
      ":",
      " ",
      "\n",
      "-",
      "[",
      "]",
      "{",
      "}",
      "&",
      "*",
      "!",
      "|",
      ">",
      "'",
      '"',
      "#",
      "\t",
      "?",
      ",",
      "%",
      "0",
    ),
    maxLength: 60,
  });
  fc.assert(
    fc.property(fc.oneof(yamlish, fc.string({ unit: "binary" })), (text) => void parseTrustYaml(text)),
    { numRuns: 2_000 },
  );
});

describe("texts made to hurt", () => {
  test.each([
    ["brackets without end", "[".repeat(20_000)],
    ["brackets that close", "[".repeat(5_000) + "]".repeat(5_000)],
    [
      "indentation without end",
      Array.from({ length: 2_000 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n"),
    ],
    [
      "a billion laughs",
      `a: &a [x, x]\n${Array.from({ length: 30 }, (_, n) => `b${n}: &b${n} [*${n === 0 ? "a" : `b${n - 1}`}, *${n === 0 ? "a" : `b${n - 1}`}]`).join("\n")}`,
    ],
    ["more than is read", " ".repeat(17 * 1024 * 1024)],
  ])("%s", (_, text) => {
    const parsed = parseTrustYaml(text);
    const compiled = parsed.ok ? compileTrust(parsed.value.value) : parsed;
    expect(compiled.ok).toBe(false);
  });
});
