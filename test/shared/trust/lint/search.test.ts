import { expect, test } from "vitest";
import type { JsonObject } from "../../../../shared/json.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { lintTrust } from "../../../../shared/trust/lint/lint.ts";
import type { Problem } from "../../../../shared/trust/model/problem.ts";

/** Searches among all policies: they tell the whole, or say that they ended early. */

function found(rule: Problem["rule"], policies: readonly JsonObject[]): readonly Problem[] {
  const compiled = compileTrust({
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    allowedIssuers: ["one", "two"].map((id) => ({ id, type: "jwt", issuer: `https://${id}.example.net` })),
    policies: policies.map((policy, n) => ({
      name: `p${n}`,
      audiences: ["https://vault.example.org"],
      ...policy,
    })),
  });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error[0]));
  return lintTrust(compiled.value).filter((problem) => problem.rule === rule);
}

const many = (count: number, policy: (n: number) => JsonObject): JsonObject[] =>
  Array.from({ length: count }, (_, n) => policy(n));
const exactly = (n: number) => ({ "jwt.claim.sub": `job-${n}` });

test("every policy that overlaps with one before it is told, however many there are", () => {
  const policies = many(60, (n) => ({
    issuer: "one",
    match: { "jwt.claim.a": { glob: `${n % 2}*` } },
    spiffeId: `spiffe://{{ trustDomain }}/${n}`,
  }));
  const overlaps = found("overlap", policies);
  expect(overlaps.map(({ path }) => path[1])).toEqual(Array.from({ length: 58 }, (_, n) => n + 2));
  expect(overlaps[57]?.message).toMatch(/^one job can match both p1 and p59,/);
});

test("the search for overlaps says that it ended early, and where", () => {
  const policies = many(1_000, (n) => ({
    issuer: "one",
    match: { "jwt.claim.a": { glob: `${n}-*` } },
    spiffeId: `spiffe://{{ trustDomain }}/${n}`,
  }));
  const overlaps = found("overlap", policies);
  expect(overlaps).toHaveLength(1);
  expect(overlaps[0]).toMatchObject({ severity: "warning", path: ["policies", 632, "match"] });
  expect(overlaps[0]?.message).toContain("ended here");
});

test("every policy that can grant an identity of another issuer is an error, however many there are", () => {
  const policies = many(100, (n) => ({
    issuer: n < 50 ? "one" : "two",
    match: exactly(n),
    spiffeId: `spiffe://{{ trustDomain }}/x/${n % 50}`,
  }));
  const shared = found("shared-identity", policies);
  expect(shared.map(({ path, severity }) => [path[1], severity])).toEqual(
    Array.from({ length: 50 }, (_, n) => [n + 50, "error"]),
  );
});

test("an error between issuers is found behind warnings within one", () => {
  const id = (path: string) => ({ spiffeId: `spiffe://{{ trustDomain }}/${path}` });
  const shared = found("shared-identity", [
    { issuer: "one", match: exactly(1), ...id("x/{{ jwt.claim.a }}") },
    { issuer: "two", match: exactly(1), ...id("y/{{ jwt.claim.a }}/z") },
    { issuer: "one", match: exactly(2), ...id("{{ jwt.claim.b }}/1") },
    { issuer: "one", match: exactly(3), ...id("{{ jwt.claim.c | path }}") },
  ]);
  expect(shared.map(({ path, severity }) => [path[1], severity])).toEqual([
    [2, "warning"],
    [3, "error"],
  ]);
});

test("the search for shared identities says that it ended early, and where", () => {
  const policies = many(3_000, (n) => ({
    issuer: n === 0 ? "two" : "one",
    match: exactly(n),
    spiffeId: `spiffe://{{ trustDomain }}/a${n}-{{ jwt.claim.a }}`,
  }));
  const shared = found("shared-identity", policies);
  expect(shared).toHaveLength(1);
  expect(shared[0]).toMatchObject({ severity: "warning", path: ["policies", 2_000, "spiffeId"] });
  expect(shared[0]?.message).toContain("ended here");
});

test("ten thousand policies of two issuers are compared to the end", () => {
  const policies = many(10_000, (n) => ({
    issuer: n % 2 === 0 ? "one" : "two",
    match: exactly(n),
    spiffeId: `spiffe://{{ trustDomain }}/${n % 2 === 0 ? "one" : "two"}/${n}/{{ jwt.claim.environment }}`,
  }));
  expect(found("shared-identity", policies)).toEqual([]);
});
