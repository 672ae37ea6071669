import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../../shared/json.ts";
import { claimsProblem } from "../../../../shared/subject-token/registered-claims.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { decide } from "../../../../shared/trust/decide/decide.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import { explain } from "../../../../shared/trust/tools/explain.ts";
import { fixtureClaims } from "../../../../shared/trust/tools/fixtures.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const SECRET = "the-environment-that-nobody-may-learn";
const policy = (name: string, match: JsonObject, more: JsonObject = {}) => ({
  name,
  issuer: "github",
  match: { "jwt.claim.repository_id": "1342205517", ...match },
  spiffeId: `spiffe://{{ trustDomain }}/${name}`,
  audiences: ["https://vault.example.org"],
  ...more,
});

const compiled = compileTrust({
  version: 1,
  trustDomain: "ci.example.org",
  issuer: "https://svid.example.org",
  allowedIssuers: [{ id: "github", type: "github", issuer: GITHUB }],
  policies: [
    policy("deploy", { "jwt.claim.environment": [SECRET, "staging"] }),
    policy(
      "release",
      { "jwt.claim.ref": { glob: "refs/tags/*" } },
      { deny: [{ "jwt.claim.actor": { not: "mira-okafor" } }] },
    ),
    policy("checks", { "jwt.claim.event_name": "pull_request_target", "jwt.claim.actor": { exists: true } }),
  ],
});
if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
const config = compiled.value;
const issuer = config.issuers.get(GITHUB);
if (issuer === undefined) throw new Error("GitHub is lost");
const explainFor = (claims: JsonObject, request = {}) =>
  explain(config, issuer, supposedAttributesOf(issuer, claims), request);

describe("an explanation", () => {
  const told = explainFor(fixtureClaims("github/push", GITHUB));

  test("has every policy in the order of the document, and every condition with what it wants", () => {
    expect(told.policies.map(({ policy, matched }) => [policy, matched])).toEqual([
      ["deploy", false],
      ["release", false],
      ["checks", false],
    ]);
    expect(told.policies[0]?.match).toEqual([
      { attribute: "jwt.claim.repository_id", expected: "1342205517", value: "1342205517", holds: true },
      { attribute: "jwt.claim.environment", expected: `${SECRET} or staging`, value: null, holds: false },
    ]);
    expect(told.policies[1]?.match[1]).toMatchObject({
      expected: "glob refs/tags/*",
      value: "refs/heads/main",
    });
    expect(told.policies[1]?.deny).toEqual([
      {
        denies: false,
        conditions: [
          { attribute: "jwt.claim.actor", expected: "not mira-okafor", value: "mira-okafor", holds: false },
        ],
      },
    ]);
    expect(told.policies[2]?.match[2]).toMatchObject({ expected: "any value", holds: true });
  });

  test("says what decide says", () => {
    const attributes = supposedAttributesOf(issuer, fixtureClaims("github/push", GITHUB));
    expect(told.outcome).toEqual(decide(config, issuer, attributes, {}));
    expect(told.nearest).toEqual(["deploy", "release", "checks"]);
  });

  test("lists the token's attributes, claims and derived ones", () => {
    const names = told.attributes.map(({ name }) => name);
    expect(names).toContain("jwt.claim.repository_id");
    expect(told.attributes).toContainEqual({
      name: "github.workflow.path",
      value: ".github/workflows/release.yml",
    });
    expect(names.some((name) => name.startsWith("gitlab."))).toBe(false);
  });

  test("names the guards, the claim that lifts each, and the policies that they stand before", () => {
    const { guards, policies, outcome } = explainFor(fixtureClaims("github/pull-request-target", GITHUB));
    expect(guards).toMatchObject([{ name: "pull_request_target", attribute: "jwt.claim.event_name" }]);
    expect(policies.map(({ guardedBy }) => guardedBy)).toEqual([
      ["pull_request_target"],
      ["pull_request_target"],
      [],
    ]);
    expect(outcome).toMatchObject({ ok: true, value: { policy: "checks" } });
  });

  test("names what the issuer's type requires and the token lacks", () => {
    expect(told.missingClaims).toEqual([]);
    expect(explainFor({ repository_id: "1" }).missingClaims).toContain("run_id");
    expect(explainFor({ repository_id: "1" }).missingClaims).toContain("jti");
  });

  test.each([null, ""])("names a required claim that is %j, as the exchange does", (value) => {
    const claims: JsonObject = { ...fixtureClaims("github/push", GITHUB), run_id: value };
    expect(explainFor(claims).missingClaims).toEqual(["run_id"]);
    const denial = claimsProblem({ ...claims, aud: issuer.audience }, issuer, Number(claims.iat));
    expect(denial).toMatchObject({ code: "token_claim_missing", detail: "The claim run_id is missing." });
  });

  test("is plain data", () => {
    expect(JSON.parse(JSON.stringify(told))).toEqual(told);
  });
});

describe("what a caller is told", () => {
  test("is its own values, and never what a policy wants", () => {
    for (const request of [{}, { policy: "deploy" }, { policy: "release" }]) {
      const { outcome } = explainFor(fixtureClaims("github/push", GITHUB), request);
      expect(outcome.ok).toBe(false);
      expect(JSON.stringify(outcome)).not.toContain(SECRET);
      expect(JSON.stringify(outcome)).not.toContain("refs/tags");
    }
  });

  test("is never an audience that a policy allows", () => {
    const claims = fixtureClaims("github/environment", GITHUB, { environment: "staging" });
    const { outcome } = explainFor(claims, { audience: "https://other.example.org" });
    expect(outcome).toMatchObject({ ok: false, error: { code: "audience_refused" } });
    expect(JSON.stringify(outcome)).not.toContain("vault");
  });

  test("is short, whatever the token holds", () => {
    const claims = fixtureClaims("github/push", GITHUB, {
      environment: "x".repeat(10_000),
      ref: ["y".repeat(10_000)],
    });
    const { outcome } = explainFor(claims);
    expect(JSON.stringify(outcome).length).toBeLessThan(4_000);
  });
});
