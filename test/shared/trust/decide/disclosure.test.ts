import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Denial, reasonOf } from "../../../../shared/denial.ts";
import type { JsonObject } from "../../../../shared/json.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { type DecisionRequest, decide } from "../../../../shared/trust/decide/decide.ts";
import { tenantView } from "../../../../shared/trust/decide/view.ts";
import { supposedAttributesOf } from "../../../../shared/trust/model/attributes.ts";
import { errorBody } from "../../../../shared/wire.ts";

const GITHUB = "https://token.actions.githubusercontent.com";
const VAULT = "https://vault.example.org";
const TWO = [VAULT, "api://AzureADTokenExchange"];
const policy = (name: string, match: JsonObject, more: JsonObject = {}): JsonObject => ({
  name,
  issuer: "github",
  match,
  spiffeId: `spiffe://{{ trustDomain }}/${name}/{{ jwt.claim.repository_id }}`,
  audiences: [VAULT],
  ...more,
});
const ACME = { "jwt.claim.repository_owner_id": "11", "jwt.claim.repository_id": "101" };

/** Policies of two owners by ids, and of others by each kind of name. */
const POLICIES: readonly JsonObject[] = [
  policy("acme-deploy", { ...ACME, "jwt.claim.environment": "production" }, { audiences: TWO }),
  policy("acme-read", { ...ACME, "jwt.claim.ref": { glob: "refs/heads/**" } }),
  policy("acme-comment", { ...ACME, "jwt.claim.event_name": "issue_comment" }),
  policy("acme-other", { "jwt.claim.repository_owner_id": "11", "jwt.claim.repository_id": "102" }),
  policy("bolt-all", { "jwt.claim.repository_owner_id": "22", "jwt.claim.environment": "production" }),
  policy("bolt-run", {
    "jwt.claim.repository_owner_id": ["22", "23"],
    "jwt.claim.event_name": "workflow_run",
  }),
  policy("cone-name", { "jwt.claim.repository": "cone/api", "jwt.claim.environment": "production" }),
  policy("cone-glob", { "jwt.claim.repository": { glob: "cone/*" }, "jwt.claim.ref": "refs/heads/main" }),
  policy("dune-ref", {
    "jwt.claim.repository_owner": "dune",
    "jwt.claim.workflow_ref": { glob: "dune/api/.github/workflows/*@refs/heads/main" },
  }),
  policy("echo-sub", { "jwt.claim.sub": "repo:echo/api:environment:production" }),
];

function documentOf(policies: readonly JsonObject[], more: JsonObject = {}) {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    allowedIssuers: [
      { id: "github", type: "github", issuer: GITHUB },
      { id: "ci", type: "jwt", issuer: "https://ci.example.net" },
    ],
    policies,
    ...more,
  };
}

function deciderOf(policies: readonly JsonObject[], more: JsonObject = {}, iss = GITHUB) {
  const compiled = compileTrust(documentOf(policies, more));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error));
  const issuer = compiled.value.issuers.get(iss);
  if (issuer === undefined) throw new Error("the issuer is lost");
  return (claims: JsonObject, request: DecisionRequest = {}) =>
    decide(compiled.value, issuer, supposedAttributesOf(issuer, claims), request);
}

const decideAll = deciderOf(POLICIES);
const told = (denial: Denial): string => JSON.stringify(errorBody(denial, "the-request"));
function denialOf(claims: JsonObject, request?: DecisionRequest, from = decideAll): Denial {
  const decided = from(claims, request);
  if (decided.ok) throw new Error(`granted by ${decided.value.policy}`);
  return decided.error;
}

const NAMES = [...POLICIES.map(({ name }) => String(name)), "deploy", "", "constructor", "acme-deploy "];
const request = fc.record(
  {
    policy: fc.constantFrom(...NAMES),
    audience: fc.constantFrom(...TWO, "https://other.example.org", ""),
  },
  { requiredKeys: [] },
);
/** The claims that a job's author can choose, right guesses among them. */
const chosen = {
  environment: fc.constantFrom("production", "staging", ""),
  ref: fc.constantFrom("refs/heads/main", "refs/tags/v1", "refs/pull/7/merge"),
  event_name: fc.constantFrom("push", "issue_comment", "workflow_run", "pull_request_target", "star"),
};
const outsider = fc.record(
  {
    ...chosen,
    repository_owner_id: fc.constantFrom("9", "1", "111", "0"),
    repository_id: fc.constantFrom("9", "101", "102", "1010"),
    repository_owner: fc.constantFrom("mallory", "acme", "Dune"),
    repository: fc.constantFrom("mallory/api", "acme/api", "cone", "xcone/api"),
    workflow_ref: fc.constantFrom(
      "dune/api/.github/workflows/x.yml@refs/heads/main",
      "mallory/x/a/b/c@refs/x",
    ),
    sub: fc.constantFrom("repo:mallory/api:environment:production", "repo:echo/api:environment:staging"),
  },
  { requiredKeys: [] },
);

const bareTo = told(denialOf({ repository_owner_id: "9", repository_id: "9", event_name: "push" }));

test("a stranger is told the same bytes whatever it asks and whatever its token says", () => {
  const codes = new Set<string>();
  fc.assert(
    fc.property(outsider, request, (claims, asked) => {
      const denial = denialOf(claims, asked);
      expect(told(denial)).toBe(bareTo);
      codes.add(reasonOf(denial).code);
    }),
    { numRuns: 3_000 },
  );
  expect(codes).toEqual(new Set(["policy_denied", "policy_unknown", "guard_refused"]));
  expect(bareTo).not.toMatch(/"checks"|acme|bolt|cone|dune|echo|jwt\.claim/);
});

/** Jobs of tenants, and the policies that are their own. */
const TENANTS: readonly (readonly [it: string, claims: JsonObject, own: readonly string[]])[] = [
  [
    "a repository",
    { repository_owner_id: "11", repository_id: "101" },
    ["acme-deploy", "acme-read", "acme-comment"],
  ],
  ["another repository of its owner", { repository_owner_id: "11", repository_id: "102" }, ["acme-other"]],
  ["an owner", { repository_owner_id: "22", repository_id: "201" }, ["bolt-all", "bolt-run"]],
  ["an owner in a list", { repository_owner_id: "23", repository_id: "301" }, ["bolt-run"]],
  ["a name, and a pattern of it", { repository: "cone/api" }, ["cone-name", "cone-glob"]],
  ["a pattern of a name", { repository: "cone/web" }, ["cone-glob"]],
  [
    "a name, whatever the workflow",
    { repository_owner: "dune", workflow_ref: "dune/api/.github/workflows/x.yml@refs/heads/dev" },
    ["dune-ref"],
  ],
];

describe.each(TENANTS)("a tenant by %s", (_, claims, own) => {
  const decideOwn = deciderOf(POLICIES.filter(({ name }) => own.includes(String(name))));

  test("is told what it would be told if there were its own policies alone", () => {
    fc.assert(
      fc.property(fc.record(chosen), request, (choice, asked) => {
        const job = { ...claims, ...choice };
        const decided = decideAll(job, asked);
        const among = decideOwn(job, asked);
        expect(decided.ok).toBe(among.ok);
        if (!decided.ok && !among.ok) expect(told(decided.error)).toBe(told(among.error));
      }),
      { numRuns: 300 },
    );
  });

  test("is told of others' policies what it is told of no policy", () => {
    const job = { ...claims, event_name: "push", environment: "staging", ref: "refs/tags/v1" };
    const answers = NAMES.filter((name) => !own.includes(name)).map((policy) =>
      told(denialOf(job, { policy })),
    );
    expect(new Set(answers)).toEqual(new Set([told(denialOf(job, { policy: "nobody-s" }))]));
    expect(answers[0]).toContain('"code":"policy_unknown"');
  });
});

describe("a tenant is told all that concerns it", () => {
  const job = { repository_owner_id: "11", repository_id: "101", event_name: "push", ref: "refs/heads/main" };

  test.each<[string, JsonObject, DecisionRequest, JsonObject]>([
    [
      "the nearest misses, each attribute with its own value",
      { ref: "refs/tags/v1" },
      { policy: "acme-read" },
      {
        code: "policy_denied",
        checks: [
          { policy: "acme-read", attribute: "jwt.claim.repository_owner_id", value: "11", pass: true },
          { policy: "acme-read", attribute: "jwt.claim.repository_id", value: "101", pass: true },
          { policy: "acme-read", attribute: "jwt.claim.ref", value: "refs/tags/v1", pass: false },
        ],
      },
    ],
    [
      "an audience that its policy does not allow",
      {},
      { audience: "https://x.example" },
      { code: "audience_refused" },
    ],
    ["several policies", { environment: "production" }, {}, { code: "ambiguous_policy" }],
    [
      "several audiences",
      { environment: "production" },
      { policy: "acme-deploy" },
      { code: "audience_required" },
    ],
    ["a guard", { event_name: "workflow_run" }, {}, { code: "guard_refused" }],
    ["a name that no policy has", {}, { policy: "acme-deploi" }, { code: "policy_unknown" }],
  ])("%s", (_, claims, asked, expected) => {
    expect(denialOf({ ...job, ...claims }, asked)).toMatchObject(expected);
  });

  test("an identity that can't be made", () => {
    const spaced = [policy("spaced", { "jwt.claim.repository_owner_id": "11" })];
    const denial = denialOf({ repository_owner_id: "11", repository_id: "a b" }, {}, deciderOf(spaced));
    expect(denial).toMatchObject({ code: "identity_refused", checks: [{ value: "a b" }] });
  });
});

test("on an issuer that one tenant has alone, every job is told everything", () => {
  const alone = POLICIES.map((one) => ({ ...one, issuer: "ci" }));
  const decideAlone = deciderOf(alone, {}, "https://ci.example.net");
  const denial = denialOf({ repository_id: "9" }, {}, decideAlone);
  expect([denial.cause, denial.checks?.length]).toEqual([undefined, expect.any(Number)]);
  expect(denialOf({}, { policy: "nobody-s" }, decideAlone).code).toBe("policy_unknown");
});

test("an issuer without a policy says as little as one with policies of others", () => {
  const decideNone = deciderOf(POLICIES, {}, "https://ci.example.net");
  expect(told(denialOf({ repository_owner_id: "11" }, {}, decideNone))).toBe(bareTo);
});

test("with denials: none nobody is told anything, and the operator still everything", () => {
  const silent = deciderOf(POLICIES, { denials: "none" });
  const job = { repository_owner_id: "11", repository_id: "101", event_name: "push" };
  const requests: DecisionRequest[] = [{}, { policy: "acme-deploy" }, { policy: "x" }, { audience: "x" }];
  for (const asked of requests) {
    for (const claims of [
      job,
      { ...job, event_name: "star" },
      { ...job, ref: "refs/heads/main", audience: "" },
    ]) {
      const decided = silent(claims, asked);
      if (decided.ok) continue;
      expect(told(decided.error)).toBe(bareTo);
      expect(reasonOf(decided.error)).toEqual(reasonOf(denialOf(claims, asked)));
    }
  }
});

test("the cause has the whole reason, and is never on the wire", () => {
  const denial = denialOf({ repository_owner_id: "9", environment: "production" }, { policy: "bolt-all" });
  expect(reasonOf(denial)).toMatchObject({
    code: "policy_denied",
    checks: [
      { policy: "bolt-all", attribute: "jwt.claim.repository_owner_id", value: "9", pass: false },
      { policy: "bolt-all", attribute: "jwt.claim.environment", value: "production", pass: true },
    ],
  });
  expect(Object.keys(errorBody(denial, "r"))).toEqual(["error", "error_description", "code", "request_id"]);
});

describe("10,000 policies of strangers", () => {
  const crowd = Array.from({ length: 9_990 }, (_, n) =>
    policy(`crowd-${n}`, {
      "jwt.claim.repository_owner_id": String(1_000 + n),
      "jwt.claim.environment": "production",
      "jwt.claim.ref": "refs/heads/main",
    }),
  );
  const compiled = compileTrust(documentOf([...crowd, ...POLICIES]));
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error[0]));
  const index = compiled.value.policies.get("github");
  const issuer = compiled.value.issuers.get(GITHUB);
  if (index === undefined || issuer === undefined) throw new Error("the issuer is lost");
  const decideCrowd = deciderOf([...crowd, ...POLICIES]);
  const shared = { environment: "production", ref: "refs/heads/main", event_name: "push" };

  test("do not hide a tenant's own", () => {
    const tenant = { ...shared, repository_owner_id: "11", repository_id: "101", environment: "staging" };
    const denial = denialOf(tenant, { policy: "acme-deploy" }, decideCrowd);
    expect(denial.checks?.filter(({ pass }) => !pass).map(({ attribute }) => attribute)).toEqual([
      "jwt.claim.environment",
    ]);
    const bolt = denialOf({ ...shared, repository_owner_id: "22", environment: "x" }, {}, decideCrowd);
    expect(new Set(bolt.checks?.map(({ policy }) => policy))).toEqual(new Set(["bolt-all", "bolt-run"]));
  });

  test("cost a stranger's refusal no more than a bounded look, and it is told nothing", () => {
    const attributes = supposedAttributesOf(issuer, { ...shared, repository_owner_id: "9" });
    expect(tenantView(index, attributes)).toBeUndefined();
    expect(told(denialOf({ ...shared, repository_owner_id: "9" }, {}, decideCrowd))).toBe(bareTo);
  });
});
