import fc from "fast-check";
import { expect, test } from "vitest";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { parseTrustYaml } from "../../../../shared/trust/document/yaml.ts";
import { lintTrust } from "../../../../shared/trust/lint/lint.ts";
import type { HeaderTemplate } from "../../../../shared/trust/model/application.ts";
import { checkDocument } from "../../../../shared/trust/tools/check-document.ts";
import { APPLICATION } from "../application-document.ts";
import { edit } from "../base-document.ts";
import { documentWith } from "../sample-document.ts";

/** Any place of a JSON value, changed: replaced, removed, doubled, or joined by a stranger. */
const stranger = fc.constantFrom<unknown>(
  null,
  "",
  0,
  -1,
  1.5,
  true,
  [],
  {},
  [[]],
  "x",
  "**",
  { a: 1 },
  ["x", "x"],
  "{{",
  "spiffe://x",
  "https://x",
);
const strangeName = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "match",
  "deny",
  "x",
  "",
  "jwt.claim.a",
  "svid.claim.a",
  "rules",
);

function mutate(
  value: unknown,
  path: readonly number[],
  replacement: unknown,
  name: string,
  kind: number,
): unknown {
  const [step, ...rest] = path;
  if (typeof value !== "object" || value === null || step === undefined) return replacement;
  const entries = Object.entries(value);
  const at = entries.length === 0 ? -1 : step % entries.length;
  const changed = entries.flatMap(([key, member], index): [string, unknown][] => {
    if (index !== at) return [[key, member]];
    if (rest.length > 0) return [[key, mutate(member, rest, replacement, name, kind)]];
    if (kind === 0) return [];
    return kind === 1
      ? [[key, replacement]]
      : [
          [key, member],
          [name, replacement],
        ];
  });
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed);
}

test("a document changed anywhere compiles or is refused, and what compiles stays within bounds", async () => {
  const base = parseTrustYaml(edit("tests:", `${APPLICATION}tests:`));
  if (!base.ok) throw new Error("the base is good");
  let compiledOnes = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(9), { minLength: 1, maxLength: 6 }),
      stranger,
      strangeName,
      fc.nat(2),
      async (path, replacement, name, kind) => {
        const checked = await checkDocument(mutate(base.value.value, path, replacement, name, kind));
        if (!checked.ok) {
          expect(checked.error.length).toBeGreaterThan(0);
          return;
        }
        compiledOnes++;
        const { config } = checked.value;
        lintTrust(config);
        for (const application of config.applications.values()) {
          expect(application.rules.length).toBeGreaterThan(0);
          for (const { match } of application.rules) expect(match.length).toBeGreaterThan(0);
          expect(application.assertion.ttlSeconds).toBeLessThanOrEqual(3_600);
          expect(application.headers.some(carriesAssertion)).toBe(true);
          expect(application.assertion.audience).not.toBe(application.audience);
        }
        for (const index of config.policies.values()) {
          for (const policy of index.policies) {
            expect(policy.match.length).toBeGreaterThan(0);
            expect(policy.audiences.length).toBeGreaterThan(0);
            expect(policy.ttlSeconds).toBeLessThanOrEqual(3_600);
            expect(policy.spiffeId.segments.flat().length).toBeGreaterThan(0);
          }
        }
      },
    ),
    { numRuns: 3_000 },
  );
  expect(compiledOnes).toBeGreaterThan(20);
});

function carriesAssertion({ parts }: HeaderTemplate): boolean {
  return parts.some((part) => part.kind === "placeholder" && part.attribute.kind === "assertion");
}

test("any JSON value at all is judged without a throw", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => void expect(compileTrust(value).ok).toBe(false)),
    {
      numRuns: 1_000,
    },
  );
});

test("JSON that is nested deeply", () => {
  const deep = JSON.parse(`${'{"claims":['.repeat(5_000)}1${"]}".repeat(5_000)}`);
  const document = {
    ...documentWith([]),
    policies: [{ name: "p", issuer: "ci", match: deep, spiffeId: deep, audiences: deep, claims: deep }],
  };
  expect(compileTrust(document).ok).toBe(false);
  expect(compileTrust(deep).ok).toBe(false);
});

test("a name that a prototype has is an entry like others", () => {
  const match = JSON.parse('{"__proto__": {"glob": "**"}, "jwt.claim.a": "x"}');
  const compiled = compileTrust(documentWith([{ match }]));
  expect(compiled.ok ? [] : compiled.error.map(({ path }) => path)).toEqual([
    ["policies", 0, "match", "__proto__"],
  ]);
});
