import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { compileTrust } from "../../shared/trust/compile/trust.ts";
import { lintTrust } from "../../shared/trust/lint/lint.ts";
import { supposedAttributesOf } from "../../shared/trust/model/attributes.ts";
import { DERIVED } from "../../shared/trust/model/derived.ts";
import { EVENTS_OF_ANYONE, EVENTS_OF_WRITERS } from "../../shared/trust/model/github-events.ts";
import { GUARDS } from "../../shared/trust/model/guard.ts";
import { KNOWN_CLAIMS } from "../../shared/trust/model/known-claims.ts";
import { PRESETS } from "../../shared/trust/model/preset.ts";
import { ERROR_RULES, LINT_RULES } from "../../shared/trust/model/problem.ts";
import { listAttributes } from "../../shared/trust/tools/attribute-list.ts";
import { checkDocument } from "../../shared/trust/tools/check-document.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";
import { FIXTURES, type FixtureName, fixtureClaims } from "../../shared/trust/tools/fixtures.ts";

const policyPage = readFileSync("docs/reference/policy.md", "utf8");
const attributesPage = readFileSync("docs/reference/attributes.md", "utf8");

/** The text under a heading, up to the next one of its level or above. */
function section(page: string, heading: string): string {
  const lines = page.split("\n");
  const start = lines.indexOf(heading);
  if (start === -1) throw new Error(`no heading ${heading}`);
  const level = heading.indexOf(" ");
  const length = lines.slice(start + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(" ") <= level);
  return lines.slice(start + 1, length === -1 ? undefined : start + 1 + length).join("\n");
}

const rowsOf = (text: string): string[][] =>
  text
    .split("\n")
    .filter((line) => line.startsWith("|") && !line.startsWith("|---"))
    .slice(1)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const codesIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);

const headings = [...policyPage.matchAll(/^### (.+)$/gm)].map(([, heading = ""]) => heading);

test("every rule has its heading, in the order of the table, and no heading is left over", () => {
  expect(headings).toEqual([...ERROR_RULES, ...LINT_RULES]);
});

test.each(LINT_RULES)("the lint %s says its severity", (rule) => {
  expect(section(policyPage, `### ${rule}`).trim()).toMatch(/^\*(?:warning|note)\*/);
});

const [guards, events] = section(policyPage, "## Guards").split("GitHub's events:");

test("the guards are those that there are", () => {
  const rows = rowsOf(guards ?? "").map(([name, , claim]) => [codesIn(name)[0], codesIn(claim)[0]]);
  expect(rows).toEqual(GUARDS.map(({ name, claim }) => [name, `jwt.claim.${claim}`]));
});

test("the events of GitHub are on the page as they are on the lists", () => {
  const [ofWriters, ofAnyone, ...others] = rowsOf(events ?? "");
  expect(codesIn(ofWriters?.[1])).toEqual([...EVENTS_OF_WRITERS]);
  expect(codesIn(ofAnyone?.[1])).toEqual([...EVENTS_OF_ANYONE]);
  const guarded = others.flatMap((row) => row.flatMap(codesIn));
  expect(guarded).toContain("workflow_run");
  expect(guarded.filter((event) => EVENTS_OF_WRITERS.has(event))).toEqual([]);
  expect([ofWriters?.[2], ofAnyone?.[2], ...others.map((row) => row[2])]).toEqual([
    "no",
    "yes",
    "yes",
    "yes",
  ]);
});

test("the fixtures are those that there are, in the same words", () => {
  const rows = rowsOf(section(policyPage, "## Tests")).map(([name, about]) => [codesIn(name)[0], about]);
  expect(rows).toEqual(Object.entries(FIXTURES).map(([name, { about }]) => [name, about]));
});

test("the derived attributes are those that there are, and the examples are what they give", () => {
  const rows = rowsOf(section(attributesPage, "## Derived attributes"));
  expect(rows.map(([name]) => codesIn(name)[0])).toEqual(Object.keys(DERIVED));
  for (const [name, , example] of rows) {
    const { type } = DERIVED[codesIn(name)[0] as keyof typeof DERIVED];
    const fixture: FixtureName = type === "github" ? "github/reusable-workflow" : "gitlab/environment";
    const claims = fixtureClaims(
      fixture,
      type === "github" ? "https://token.actions.githubusercontent.com" : "https://gitlab.com",
    );
    expect(DERIVED[codesIn(name)[0] as keyof typeof DERIVED].derive(claims)).toBe(codesIn(example)[0]);
  }
});

describe.each([
  ["github", "## Claims of GitHub"],
  ["gitlab", "## Claims of GitLab"],
] as const)("the claims of %s", (type, heading) => {
  const rows = rowsOf(section(attributesPage, heading));
  const listed = rows.flatMap(([names]) => codesIn(names));
  const registered = codesIn(section(attributesPage, "## Claims of every token").split(" are attributes")[0]);
  const known = Object.entries(KNOWN_CLAIMS[type] ?? {}).filter(([name]) => !registered.includes(name));

  test("are those that are known", () => {
    expect(new Set(listed.filter((name) => name !== "repo_property_NAME"))).toEqual(
      new Set(known.map(([name]) => name)),
    );
  });

  test("are required where the preset requires them", () => {
    const required = rows.flatMap(([names = "", , mark = ""]) => {
      if (!mark.includes("required")) return [];
      return codesIn(mark).length > 0 ? codesIn(mark) : codesIn(names);
    });
    expect(new Set(required)).toEqual(new Set(PRESETS[type].requiredClaims));
  });

  test("are optional where not every token has them", () => {
    const optional = rows.filter(([, , mark]) => mark === "optional").flatMap(([names]) => codesIn(names));
    const expected = known.filter(([, { optional }]) => optional).map(([name]) => name);
    expect(new Set(optional.filter((name) => name !== "repo_property_NAME"))).toEqual(new Set(expected));
  });

  test("cover every claim of the fixtures", () => {
    for (const name of Object.keys(FIXTURES) as FixtureName[]) {
      if (FIXTURES[name].type !== type) continue;
      const claims = Object.keys(fixtureClaims(name, "https://ci.example.net"));
      expect(claims.filter((claim) => !listed.includes(claim) && !registered.includes(claim))).toEqual([]);
    }
  });
});

test("the document at the top compiles, passes its tests, and has no finding but a note", async () => {
  const [, yaml = ""] = /```yaml\n([\s\S]*?)```/.exec(policyPage) ?? [];
  const checked = await checkDocument(parse(yaml));
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  expect(runDocumentTests(checked.value)).toMatchObject({ passed: true, untested: [] });
  expect(lintTrust(checked.value.config).filter(({ severity }) => severity !== "note")).toEqual([]);
});

test("attributes are listed as they are written", () => {
  const compiled = compileTrust(parse(/```yaml\n([\s\S]*?)```/.exec(policyPage)?.[1] ?? ""));
  const issuer = compiled.ok ? [...compiled.value.issuers.values()][0] : undefined;
  if (issuer === undefined) throw new Error("the document has an issuer");
  const listed = listAttributes(supposedAttributesOf(issuer, { "a/b": ["x", 1], ref: "r", none: null }));
  expect(listed).toEqual([
    { name: 'jwt.claim["a/b"]', value: '["x",1]' },
    { name: "jwt.claim.ref", value: "r" },
  ]);
});
