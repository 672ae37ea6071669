import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkRows, claimRows, escapeHtml } from "../../action/report.ts";

describe("text of others in a summary", () => {
  test.each([
    ["refs/heads/<img src=x onerror=alert(1)>", "refs/heads/&lt;img src=x onerror=alert(1)&gt;"],
    ["a\"b'c", "a&quot;b&#39;c"],
    ["a&amp;b", "a&amp;amp;b"],
    ["a\n\n# heading", "a\\u000a\\u000a# heading"],
    ["a\r\u0085b", "a\\u000d\\u0085b"],
  ])("%j", (value, escaped) => {
    expect(escapeHtml(value)).toBe(escaped);
  });

  test("never has markup or a line's end", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (value) => !/[<>"'\n\r]/.test(escapeHtml(value))));
  });
});

test("claims are shown but for those of the moment", () => {
  const rows = claimRows({ jti: "j", iat: 1, nbf: 1, exp: 2, ref: "refs/heads/main", groups: ["a", "<b>"] });
  expect(rows.slice(1)).toEqual([
    ["<code>ref</code>", "<code>refs/heads/main</code>"],
    ["<code>groups</code>", "<code>[&quot;a&quot;,&quot;&lt;b&gt;&quot;]</code>"],
  ]);
});

test("checks say what the job has and whether it holds", () => {
  const rows = checkRows([
    { policy: "p", attribute: "jwt.claim.ref", value: "x|y", pass: true },
    { policy: "p", attribute: "jwt.claim.environment", value: null, pass: false },
  ]);
  expect(rows.slice(1)).toEqual([
    ["<code>p</code>", "<code>jwt.claim.ref</code>", "<code>x|y</code>", "✅ holds"],
    ["<code>p</code>", "<code>jwt.claim.environment</code>", "absent", "❌ fails"],
  ]);
});
