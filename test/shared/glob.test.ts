import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileGlob, type Glob, MAX_GLOB_LENGTH, matchesGlob } from "../../shared/glob.ts";

function glob(pattern: string): Glob {
  const compiled = compileGlob(pattern);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value;
}

/** Word operations of one match. */
function steps(pattern: string, text: string): number {
  const count = { steps: 0 };
  matchesGlob(glob(pattern), text, count);
  return count.steps;
}

/** What a pattern means, said in another way: as an anchored expression, for short texts only. */
function asExpression(pattern: string): RegExp {
  const parts = pattern.match(/\*\*|\*|[^*]+/g) ?? [];
  const source = parts.map((part) => {
    if (part === "**") return "[\\s\\S]*";
    return part === "*"
      ? "[^/]*"
      : part.replace(/[^A-Za-z0-9]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  });
  return new RegExp(`^${source.join("")}$`);
}

const KIB_16 = 16 * 1024;
const longest = (unit: string): string => unit.repeat(Math.floor(MAX_GLOB_LENGTH / unit.length));

describe("matching is linear, counted in steps", () => {
  test.each([
    ["*a repeated, all fits", longest("*a"), "a".repeat(KIB_16)],
    ["*a repeated, the end never fits", `${longest("*a").slice(0, -2)}*b`, "a".repeat(KIB_16)],
    ["**a repeated, the end never fits", `${longest("**a").slice(0, -2)}*b`, "a".repeat(KIB_16)],
    ["*a/ repeated", longest("*a/"), "aaaa/".repeat(KIB_16 / 5)],
    ["a long word after a star", `**${"a".repeat(400)}b`, "a".repeat(KIB_16)],
    ["stars of both kinds", longest("**a/*b"), "a/b".repeat(KIB_16 / 3)],
  ])("%s", (_, pattern, text) => {
    const words = Math.floor(pattern.length / 32) + 1;
    expect(pattern.length).toBeLessThanOrEqual(MAX_GLOB_LENGTH);
    expect(steps(pattern, text)).toBeLessThanOrEqual(words * text.length);
    expect(steps(pattern, text + text)).toBeLessThanOrEqual(2 * words * text.length);
  });

  test("no pattern and no text takes more than 17 steps a character", () => {
    const characters = fc.string({ unit: fc.constantFrom("a", "b", "/"), maxLength: 400 });
    const patterns = fc.array(fc.constantFrom("a", "b", "/", "*", "**"), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(patterns, characters, (parts, text) => {
        const compiled = compileGlob(parts.join(""));
        fc.pre(compiled.ok);
        if (!compiled.ok) return;
        const count = { steps: 0 };
        matchesGlob(compiled.value, text, count);
        expect(count.steps).toBeLessThanOrEqual(17 * (text.length + compiled.value.length));
      }),
    );
  });

  test("a text that can no longer fit is given up at once", () => {
    expect(steps("refs/heads/*", "x".repeat(KIB_16))).toBe(1);
  });
});

test("a pattern means what its expression means", () => {
  const piece = fc.constantFrom("a", "b", "/", ".", "*", "**", "[", "é", "😀");
  const character = fc.constantFrom("a", "b", "/", ".", "[", "é", "😀", "\n");
  fc.assert(
    fc.property(
      fc.array(piece, { minLength: 1, maxLength: 10 }),
      fc.string({ unit: character, maxLength: 12 }),
      (pieces, text) => {
        const pattern = pieces.join("");
        fc.pre(!pattern.includes("***"));
        expect(matchesGlob(glob(pattern), text)).toBe(asExpression(pattern).test(text));
      },
    ),
    { numRuns: 5_000 },
  );
});

test("positions of a pattern cross the borders of machine words", () => {
  for (const length of [31, 32, 33, 63, 64, 65, 127, 128]) {
    const word = "x".repeat(length);
    expect(matchesGlob(glob(word), word)).toBe(true);
    expect(matchesGlob(glob(word), `${word}x`)).toBe(false);
    expect(matchesGlob(glob(`${word}*`), word)).toBe(true);
    expect(matchesGlob(glob(`${word}*y`), `${word}zzy`)).toBe(true);
    expect(matchesGlob(glob(`*${word}**${word}`), `a${word}/b/${word}`)).toBe(true);
  }
});

test.each([
  ["", "the pattern is empty; write a pattern"],
  ["a***b", "the pattern has three stars in a row; write *"],
  ["x".repeat(MAX_GLOB_LENGTH + 1), "the pattern is longer than 512 characters; write a shorter one"],
])("the pattern %j is refused", (pattern, message) => {
  const compiled = compileGlob(pattern);
  expect(compiled.ok ? "" : compiled.error).toContain(message);
});
