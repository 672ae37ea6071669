import { describe, expect, test } from "vitest";
import { reasonOf } from "../../../../shared/denial.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { candidates } from "../../../../shared/trust/decide/candidates.ts";
import { decide } from "../../../../shared/trust/decide/decide.ts";
import { wholeView } from "../../../../shared/trust/decide/view.ts";
import { lintTrust } from "../../../../shared/trust/lint/lint.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import type { AllowedIssuer } from "../../../../shared/trust/model/issuer.ts";
import type { PolicyIndex } from "../../../../shared/trust/model/policy-index.ts";
import type { TrustConfig } from "../../../../shared/trust/model/trust-config.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const COUNT = 10_000;

/** As large organisations have them: a policy for each repository, which share their owner, ref and environment. */
function manyPolicies(count: number) {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    allowedIssuers: [{ id: "github", type: "github", issuer: GITHUB }],
    policies: Array.from({ length: count }, (_, n) => ({
      name: `repository-${n}`,
      issuer: "github",
      match: {
        "jwt.claim.repository_owner_id": "214907733",
        "jwt.claim.repository_id": String(1_000_000 + n),
        "jwt.claim.ref": { glob: "refs/heads/**" },
        "jwt.claim.environment": ["production", "staging"],
      },
      spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}",
      audiences: ["https://vault.example.org"],
    })),
  };
}

function compiled(count: number): { config: TrustConfig; issuer: AllowedIssuer; index: PolicyIndex } {
  const result = compileTrust(manyPolicies(count));
  if (!result.ok) throw new Error(JSON.stringify(result.error[0]));
  const issuer = result.value.issuers.get(GITHUB);
  const index = result.value.policies.get("github");
  if (issuer === undefined || index === undefined) throw new Error("the issuer is lost");
  return { config: result.value, issuer, index };
}

const claims = {
  repository_owner_id: "214907733",
  repository_id: "1000007",
  ref: "refs/heads/main",
  environment: "production",
};

describe("10,000 policies", () => {
  const { config, issuer, index } = compiled(COUNT);
  const attributes = supposedAttributesOf(issuer, claims);
  const stranger = supposedAttributesOf(issuer, { ...claims, repository_id: "5" });

  test("a decision looks at the one policy that can match", () => {
    expect([...candidates(index, attributes)].map(({ name }) => name)).toEqual(["repository-7"]);
    expect([...candidates(index, stranger)]).toEqual([]);
    expect(decide(config, issuer, attributes, {})).toMatchObject({
      ok: true,
      value: { policy: "repository-7" },
    });
  });

  test("as many look-ups as with ten", () => {
    const few = compiled(10);
    const lookUps = ({ byRarestLiteral }: PolicyIndex) => byRarestLiteral.size;
    expect(lookUps(index)).toBe(lookUps(few.index));
  });

  test("a refusal looks at no more than 64 for its nearest misses", () => {
    expect(wholeView(index, stranger).nearby().length).toBe(64);
    const decision = decide(config, issuer, stranger, {});
    const checks = decision.ok ? [] : (reasonOf(decision.error).checks ?? []);
    expect(new Set(checks.map(({ policy }) => policy)).size).toBe(3);
    expect(checks.filter(({ pass }) => !pass).map(({ attribute }) => attribute)).toEqual(
      Array(3).fill("jwt.claim.repository_id"),
    );
  });

  test("the nearest miss is found among those that share the rarest value", () => {
    const nearly = supposedAttributesOf(issuer, { ...claims, repository_id: "1009999", environment: "test" });
    const decision = decide(config, issuer, nearly, {});
    expect(decision.ok ? "" : decision.error.checks?.[0]?.policy).toBe("repository-9999");
  });

  test("none of them overlaps, and the lints say so in time", () => {
    expect(lintTrust(config).filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  test("one more is refused", () => {
    const result = compileTrust(manyPolicies(COUNT + 1));
    expect(result.ok ? [] : result.error.map(({ message }) => message)).toEqual([
      "the list has 10001 entries; write 10000 at most",
    ]);
  });
});

test("policies of one value each, on an attribute that another shares, are keyed by the rare one", () => {
  const { index } = compiled(100);
  expect([...index.byRarestLiteral.keys()]).toEqual(["jwt.claim.repository_id"]);
  expect(index.withoutLiteral).toEqual([]);
});

describe("1,000 applications of 20 rules", () => {
  const applications = (count: number) =>
    Array.from({ length: count }, (_, n) => ({
      name: `app-${n}`,
      host: `app-${n}.example.org`,
      origin: { service: `APP_${n}` },
      audience: "https://vault.example.org",
      rules: Array.from({ length: 20 }, (_, rule) => ({
        match: { "svid.id": `spiffe://ci.example.org/github/${1_000_000 + n * 20 + rule}` },
        roles: [`role-${rule}`],
      })),
      assertion: { audience: `app-${n}` },
    }));
  const compile = (count: number, policies = 10) =>
    compileTrust({ ...manyPolicies(policies), applications: applications(count) });

  test("compile, each found by its host", () => {
    const result = compile(1_000);
    if (!result.ok) throw new Error(JSON.stringify(result.error[0]));
    expect(result.value.applications.get("app-999.example.org")).toMatchObject({ name: "app-999" });
  });

  test("are linted in time beside 10,000 policies, all of which may call them", () => {
    const result = compile(10, COUNT);
    if (!result.ok) throw new Error(JSON.stringify(result.error[0]));
    expect(lintTrust(result.value).filter(({ severity }) => severity === "warning")).toEqual([]);
  });

  test("one more is refused", () => {
    const result = compile(1_001);
    expect(result.ok ? [] : result.error.map(({ message }) => message)).toEqual([
      "the list has 1001 entries; write 1000 at most",
    ]);
  });
});
