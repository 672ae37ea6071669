import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explain } from "../../action/explain.ts";
import { escapeHtml } from "../../action/report.ts";
import { failureText } from "../../cli/failure-lines.ts";
import { explainFailure } from "../../cli/svid/exchange-failure.ts";
import { exchangedLine } from "../../cli/svid/exchanged-line.ts";
import { createPaint } from "../../cli/terminal/paint.ts";
import { parseMinted, parsePlan } from "../../shared/client/response.ts";
import { printable } from "../../shared/printable.ts";
import { logLine } from "../../worker/log.ts";

/** What a hostile exchange puts into any member of its response. */
const HOSTILE = [
  "\u001b[2J\u001b]0;title\u0007",
  "line\r\nline\n",
  "\n::add-mask::secret",
  "  ::set-output name=x::y",
  "text ##[add-mask]secret",
  "##vso[task.setvariable variable=a]b",
  "##teamcity[message]",
  "section_start:1:evil\r\u001b[0K",
  "\u009b31m\u0085",
  "a\u202eb\u2066c",
  "zero\u200bwidth\ufeff\u00ad\u{e0041}",
  "\u2028\u2029",
  "constructor",
  "__proto__",
  "\ud800",
  "<script>&\"'",
] as const;

const hostile = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((parts) => parts.join(" ")),
);

/** True of text that moves no cursor, hides nothing, and begins no command of a CI system. */
function isHarmless(text: string): boolean {
  const lines = text.split("\n");
  return lines.every(
    (line) =>
      !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(line) && !/##(\[|vso\[|teamcity\[)|^\s*::/i.test(line),
  );
}

const paint = createPaint({}, { NO_COLOR: "1" });
const context = { url: "https://svid.example.org", audience: "a", proxy: "none" } as const;
const job = { event: "push", restriction: "none", platform: "github" } as const;
const SUCCESS = {
  access_token: "e30.e30.c2ln",
  expires_in: 300,
  spiffe_id: "spiffe://ci.example.org/a",
  audience: "https://vault.example.org",
  policy: "deploy",
  config_version: "b1946ac92492",
};

test("the check of the tests finds what is hostile", () => {
  const found = HOSTILE.filter((text) => !isHarmless(text));
  expect(found).toHaveLength(HOSTILE.length - 3);
});

test.each([
  ["\u001b[31m", "\\u001b[31m"],
  ["a\nb", "a\\u000ab"],
  ["::add-mask::x", ":\\u003aadd-mask::x"],
  ["a ::add-mask::x", "a ::add-mask::x"],
  ["a ##[add-mask]x", "a #\\u0023[add-mask]x"],
  ["refs/heads/größe", "refs/heads/größe"],
  ["\u{e0041}", "\\udb40\\udc41"],
])("%j is printed as %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

describe("a success of a hostile exchange", () => {
  const members = Object.keys(SUCCESS) as readonly (keyof typeof SUCCESS)[];

  test("is taken only where each member has the form that an exchange gives it", () => {
    fc.assert(
      fc.property(fc.constantFrom(...members), hostile, (name, value) => {
        const taken = parseMinted(200, { ...SUCCESS, [name]: value });
        if (!taken.ok) return true;
        const { audience, ...rest } = taken.value;
        return isHarmless(Object.values(rest).join(" ")) && /^[\x21-\x7e]+$/.test(audience);
      }),
    );
    expect(parseMinted(200, SUCCESS).ok).toBe(true);
    for (const name of members) {
      // An audience is any visible ASCII, so a command of one word may be one. It is printed harmlessly.
      for (const value of HOSTILE.filter((text) => name !== "audience" || /[^\x21-\x7e]/.test(text))) {
        if (name === "policy" && value === "constructor") continue;
        expect(parseMinted(200, { ...SUCCESS, [name]: value }).ok, `${name} ${JSON.stringify(value)}`).toBe(
          false,
        );
      }
    }
  });

  test("does not bring a lifetime that no SVID has", () => {
    for (const expires_in of [0, -1, 1.5, 3_601, Number.MAX_SAFE_INTEGER, "300", null]) {
      expect(parseMinted(200, { ...SUCCESS, expires_in }).ok).toBe(false);
      const { access_token: _, ...plan } = { ...SUCCESS, expires_in, dry_run: true };
      expect(parsePlan(200, plan).ok).toBe(false);
    }
  });
});

describe("a refusal of a hostile exchange is printed harmlessly", () => {
  const refusal = fc.record({
    error: fc.oneof(hostile, fc.constant("invalid_request")),
    error_description: hostile,
    code: fc.oneof(hostile, fc.constantFrom("policy_denied", "constructor", "toString")),
    request_id: hostile,
    checks: fc.array(fc.record({ policy: hostile, attribute: hostile, value: hostile, pass: fc.boolean() }), {
      maxLength: 4,
    }),
  });
  const failureOf = (body: unknown) => {
    const parsed = parseMinted(400, body);
    if (parsed.ok) throw new Error("a refusal was taken for a success");
    return parsed.error;
  };

  test("by the CLI", () => {
    fc.assert(
      fc.property(refusal, (body) =>
        isHarmless(failureText(explainFailure(failureOf(body), context), paint)),
      ),
      { numRuns: 500 },
    );
  });

  test("by the Action, in the log and in the summary", () => {
    fc.assert(
      fc.property(refusal, (body) => {
        const { title, text, checks, code } = explain(failureOf(body), { job });
        const values = checks.flatMap((check) => [check.policy, check.attribute, check.value ?? ""]);
        const log = [title, ...text, ...values, code].map(printable);
        return (
          log.every(isHarmless) &&
          [...text, ...values].map(escapeHtml).every((html) => isHarmless(html) && !/[<>"']/.test(html))
        );
      }),
      { numRuns: 500 },
    );
  });
});

test("the CLI's line about an SVID is harmless whatever it is made of", () => {
  fc.assert(
    fc.property(hostile, hostile, (spiffeId, audience) => {
      const exchanged = { spiffeId, audience, expiresAtMs: 0, sentAtMs: 0 };
      return isHarmless(exchangedLine(exchanged as never));
    }),
  );
});

test("a line of the Worker's log is one line of ASCII, and reads back as it was", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const line = logLine("issuer_keys", { issuer_id: text, failure: text });
      return /^[\x20-\x7e]*$/.test(line) && JSON.parse(line).issuer_id === JSON.parse(JSON.stringify(text));
    }),
  );
});
