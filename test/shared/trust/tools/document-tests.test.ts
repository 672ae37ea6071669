import { describe, expect, test } from "vitest";
import { parseTrustYaml } from "../../../../shared/trust/document/yaml.ts";
import { PRESETS } from "../../../../shared/trust/model/preset.ts";
import { type CheckedDocument, checkDocument } from "../../../../shared/trust/tools/check-document.ts";
import { runDocumentTests } from "../../../../shared/trust/tools/document-tests.ts";
import { FIXTURES, type FixtureName, fixtureClaims } from "../../../../shared/trust/tools/fixtures.ts";
import { BASE, edit } from "../base-document.ts";

async function check(yaml: string): Promise<CheckedDocument> {
  const parsed = parseTrustYaml(yaml);
  const checked = parsed.ok ? await checkDocument(parsed.value.value) : parsed;
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return checked.value;
}

/** The failures of one test, which replaces that of the base document. */
async function failuresOf(test: string): Promise<readonly string[]> {
  const [, own = ""] = BASE.split("tests:\n");
  const report = runDocumentTests(await check(edit(own, `  - {name: t, ${test}}\n`)));
  return report.results.flatMap(({ failures }) => failures);
}

describe("a test of the document", () => {
  test.each([
    ["passes where the policy grants", "issuer: github, fixture: github/push, expect: {policy: deploy}", []],
    [
      "passes on every part of the grant",
      'issuer: github, fixture: github/push, expect: {policy: deploy, spiffeId: "spiffe://ci.example.org/github/1342205517", audience: "https://vault.example.org", algorithm: ES256, ttl: 5m, claims: {}}',
      [],
    ],
    [
      "passes where it is denied as expected",
      "issuer: github, fixture: github/tag, expect: {denied: policy_denied}",
      [],
    ],
    [
      "passes on a guard",
      "issuer: github, fixture: github/pull-request-target, expect: {denied: guard_refused}",
      [],
    ],
    [
      "passes with bare claims",
      'issuer: github, claims: {repository_id: "1342205517", ref: refs/heads/main}, expect: {policy: deploy}',
      [],
    ],
    [
      "asks for a policy",
      "issuer: github, fixture: github/push, policy: other, expect: {denied: policy_unknown}",
      [],
    ],
    [
      "asks for an audience",
      "issuer: github, fixture: github/push, audience: https://other.example.org, expect: {denied: audience_refused}",
      [],
    ],
    [
      "takes a claim away",
      "issuer: github, fixture: github/push, claims: {run_id: null}, expect: {denied: token_claim_missing}",
      [],
    ],
    [
      "fails on another policy",
      "issuer: github, fixture: github/push, expect: {policy: other}",
      ['the test expects policy "other", but the exchange grants "deploy"'],
    ],
    [
      "fails on another ID and another lifetime, and says both",
      'issuer: github, fixture: github/push, expect: {spiffeId: "spiffe://ci.example.org/x", ttl: 10m}',
      [
        'the test expects spiffeId "spiffe://ci.example.org/x", but the exchange grants "spiffe://ci.example.org/github/1342205517"',
        "the test expects ttl 600, but the exchange grants 300",
      ],
    ],
    [
      "fails on a grant where a denial is expected",
      "issuer: github, fixture: github/push, expect: {denied: policy_denied}",
      ["the test expects policy_denied, but the exchange grants an SVID"],
    ],
    [
      "fails on another denial",
      "issuer: github, fixture: github/tag, expect: {denied: guard_refused}",
      [
        "the test expects guard_refused, but the exchange answers policy_denied: The token does not meet the policy deploy.",
      ],
    ],
    [
      "fails on a denial where a grant is expected",
      "issuer: github, fixture: github/tag, expect: {policy: deploy}",
      [
        "the test expects a grant, but the exchange answers policy_denied: The token does not meet the policy deploy.",
      ],
    ],
    [
      "fails on a token that the exchange would refuse",
      "issuer: github, fixture: github/push, claims: {run_id: null}, expect: {policy: deploy}",
      ["the test expects a grant, but the exchange answers token_claim_missing: the token lacks run_id"],
    ],
    [
      "fails on an unknown fixture",
      "issuer: github, fixture: github/psh, expect: {policy: deploy}",
      ["there is no fixture github/psh; did you mean github/push?"],
    ],
    [
      "fails on a fixture of another type",
      "issuer: github, fixture: gitlab/tag, expect: {policy: deploy}",
      ["gitlab/tag is a token of type gitlab, but the issuer github is of type github; use another fixture"],
    ],
  ])("%s", async (_, test, failures) => {
    expect(await failuresOf(test)).toEqual(failures);
  });
});

test("policies that no passing test grants are named, in the order of the document", async () => {
  expect(runDocumentTests(await check(BASE))).toMatchObject({ passed: true, untested: ["test"] });
  const none = runDocumentTests(await check(edit(BASE.slice(BASE.indexOf("tests:")), "")));
  expect(none).toMatchObject({ passed: true, untested: ["deploy", "test"], results: [] });
});

test("a token that the exchange refuses before any policy tests none", async () => {
  const lacking = "fixture: github/push, claims: {run_id: null}, expect: {denied: token_claim_missing}";
  const report = runDocumentTests(
    await check(edit("fixture: github/push, expect: {policy: deploy}", lacking)),
  );
  expect(report).toMatchObject({ passed: true, untested: ["deploy", "test"] });
});

test("a failing test tests nothing, and says where it stands", async () => {
  const report = runDocumentTests(await check(edit("expect: {policy: deploy}", "expect: {policy: x}")));
  expect(report).toMatchObject({ passed: false, untested: ["deploy", "test"] });
  expect(report.results[0]?.path).toEqual(["tests", 0]);
  expect(report.results[0]?.explanation?.outcome.ok).toBe(true);
});

describe.each(Object.keys(FIXTURES) as FixtureName[])("the fixture %s", (name) => {
  const { type } = FIXTURES[name];
  const claims = fixtureClaims(name, "https://ci.example.net");

  test("has every claim that its type requires, and none that is null", () => {
    expect(PRESETS[type].requiredClaims.filter((claim) => !(claim in claims))).toEqual([]);
    expect(Object.values(claims)).not.toContain(null);
  });

  test("has its provider's types and lifetimes", () => {
    const numbers = Object.keys(claims).filter((claim) => typeof claims[claim] === "number");
    expect(new Set(numbers)).toEqual(
      new Set(type === "github" ? ["iat", "nbf", "exp"] : ["iat", "nbf", "exp", "runner_id"]),
    );
    expect(Number(claims["exp"]) - Number(claims["iat"])).toBe(type === "github" ? 300 : 3_600);
    expect(claims["iss"]).toBe("https://ci.example.net");
  });
});

test("claims that are made of others follow what is replaced", () => {
  const claims = fixtureClaims("github/environment", "https://x.example", {
    environment: "eu:prod",
    ref: "refs/heads/x",
  });
  expect(claims).toMatchObject({
    sub: "repo:brightfen@214907733/orders-api@1342205517:environment:eu%3Aprod",
    workflow_ref: "brightfen/orders-api/.github/workflows/release.yml@refs/heads/x",
  });
  expect(fixtureClaims("gitlab/tag", "https://gitlab.com", { ref: "v2" })).toMatchObject({
    ref_path: "refs/tags/v2",
    ci_config_ref_uri: "gitlab.com/fernway/platform/billing//.gitlab-ci.yml@refs/tags/v2",
  });
  expect(fixtureClaims("gitlab/tag", "https://gitlab.com", { ref_path: "x" })["ref_path"]).toBe("x");
});
