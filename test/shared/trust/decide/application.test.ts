import { describe, expect, test } from "vitest";
import { headerValue } from "../../../../shared/assertion.ts";
import type { JsonObject } from "../../../../shared/json.ts";
import type { SpiffeId } from "../../../../shared/spiffe-id.ts";
import { compileTrust } from "../../../../shared/trust/compile/trust.ts";
import { decideApplication } from "../../../../shared/trust/decide/application.ts";
import type { Application } from "../../../../shared/trust/model/application.ts";
import { supposedSvidAttributesOf } from "../../../../shared/trust/model/svid-attributes.ts";
import { documentWith } from "../sample-document.ts";

const ID = "spiffe://ci.example.org/github/7/env/production" as SpiffeId;

/** An application of these entries: everything that the trust document does not have to say is left out. */
function application(entries: JsonObject): Application {
  const document = {
    ...documentWith([{ match: { "jwt.claim.a": "1" } }]),
    applications: [
      { name: "app", host: "app.example.org", origin: "https://origin.example.net", ...entries },
    ],
  };
  const config = compileTrust(document);
  if (!config.ok) throw new Error(JSON.stringify(config.error));
  const [only] = config.value.applications.values();
  if (only === undefined) throw new Error("no application");
  return only;
}

const decided = (entries: JsonObject, claims: JsonObject = {}, spiffeId = ID) =>
  decideApplication(application(entries), supposedSvidAttributesOf({ spiffeId, claims }));

/** The headers of a decision, with `JWT` for the assertion; or why there are none. */
function headersOf(
  headers: readonly string[],
  rule: JsonObject,
  claims: JsonObject,
): readonly string[] | string {
  const rules = [{ match: { "svid.id": { exists: true } }, ...rule }];
  const decision = decided({ rules, rewrite: { headers } }, claims);
  if (!decision.ok) return decision.error.detail;
  return decision.value.headers.map((line) => `${line.name}: ${headerValue(line, "JWT")}`).slice(1);
}

test("a caller gets what the first rule that matches gives", () => {
  const rules = [
    { match: { "svid.id": "spiffe://ci.example.org/github/8" }, roles: ["Admin"] },
    {
      match: {
        "svid.id": { glob: "spiffe://ci.example.org/github/*/env/production" },
        "svid.claim.tier": "1",
      },
      roles: ["Editor"],
      traits: { team: ["platform", "{{ svid.claim.team | lower }}"] },
      username: "ci-{{ svid.claim.team }}",
    },
    { match: { "svid.id": { exists: true } }, roles: ["Viewer"] },
  ];
  const assertion = { audience: "grafana", algorithm: "RS256", ttl: "2m" };
  expect(decided({ rules, assertion }, { tier: 1, team: "Payments" })).toEqual({
    ok: true,
    value: {
      application: "app",
      rule: 1,
      spiffeId: ID,
      username: "ci-Payments",
      roles: ["Editor"],
      traits: { team: ["platform", "payments"] },
      audience: "grafana",
      algorithm: "RS256",
      ttlSeconds: 120,
      claims: {
        username: "ci-Payments",
        spiffe_id: ID,
        roles: ["Editor"],
        traits: { team: ["platform", "payments"] },
      },
      headers: [{ name: "Svid-Jwt-Assertion", texts: ["", ""] }],
    },
  });
});

test("lists are never null, and the username is the SPIFFE ID unless the rule says otherwise", () => {
  const decision = decided({ rules: [{ match: { "svid.id": ID } }] });
  expect(decision.ok && decision.value.claims).toEqual({
    username: ID,
    spiffe_id: ID,
    roles: [],
    traits: {},
  });
});

test.each([
  ["roles-and-traits", ["roles", "traits"]],
  ["roles", ["roles"]],
  ["traits", ["traits"]],
  ["none", []],
])("an assertion with %s has these lists alone", (claims, lists) => {
  const rules = [{ match: { "svid.id": ID }, roles: ["Editor"], traits: { team: ["a"] } }];
  const decision = decided({ rules, assertion: { claims } });
  expect(decision.ok && Object.keys(decision.value.claims)).toEqual(["username", "spiffe_id", ...lists]);
});

describe("a caller that no rule matches is denied, and is not told what rules expect", () => {
  test.each<[string, JsonObject, JsonObject]>([
    ["another SPIFFE ID", { "svid.id": "spiffe://ci.example.org/github/8" }, {}],
    ["a pattern that stops at a slash", { "svid.id": { glob: "spiffe://ci.example.org/github/*" } }, {}],
    ["a claim that is missing", { "svid.claim.team": "platform" }, {}],
    ["a claim that only every object inherits", { "svid.claim.constructor": { exists: true } }, {}],
    ["a claim that is null", { "svid.claim.team": { exists: true } }, { team: null }],
    ["a claim that is empty", { "svid.claim.team": "platform" }, { team: "" }],
    ["one of two conditions", { "svid.id": ID, "svid.claim.team": "platform" }, { team: "payments" }],
    ["a claim inside a text", { "svid.claim.team.name": { exists: true } }, { team: "platform" }],
    [
      "a value that is excluded",
      { "svid.claim.team": { not: "payments" } },
      { team: ["platform", "payments"] },
    ],
  ])("%s", (_, match, claims) => {
    expect(decided({ rules: [{ match, roles: ["Editor"] }] }, claims)).toEqual({
      ok: false,
      error: {
        code: "application_denied",
        detail: "The caller's SVID meets no rule of the application.",
      },
    });
  });
});

describe("a value that does not fit is refused, and never left out", () => {
  const rule = (more: JsonObject) => ({ rules: [{ match: { "svid.id": ID }, ...more }] });
  test.each<[string, JsonObject, JsonObject, string]>([
    [
      "a missing role",
      { roles: ["{{ svid.claim.role }}"] },
      {},
      "The list of roles can't be made: svid.claim.role is missing.",
    ],
    [
      "an empty role",
      { roles: ["{{ svid.claim.role }}"] },
      { role: "" },
      "The list of roles can't be made: svid.claim.role is empty.",
    ],
    [
      "an empty list of roles",
      { roles: ["{{ svid.claim.role }}"] },
      { role: [] },
      "The list of roles can't be made: svid.claim.role is an empty list.",
    ],
    [
      "an object as a role",
      { roles: ["{{ svid.claim.role }}"] },
      { role: { a: 1 } },
      "The list of roles can't be made: svid.claim.role is neither text nor an integer nor a boolean.",
    ],
    [
      "a list inside a list",
      { roles: ["{{ svid.claim.role }}"] },
      { role: [["a"]] },
      "The list of roles can't be made: svid.claim.role is neither text nor an integer nor a boolean.",
    ],
    [
      "a list inside a text",
      { roles: ["ci-{{ svid.claim.role }}"] },
      { role: ["a"] },
      "The list of roles can't be made: svid.claim.role is neither text nor an integer nor a boolean.",
    ],
    [
      "a missing value of a trait",
      { traits: { team: ["a", "{{ svid.claim.team }}"] } },
      {},
      "The trait team can't be made: svid.claim.team is missing.",
    ],
    [
      "a missing username",
      { username: "{{ svid.claim.user }}" },
      {},
      "The username can't be made: svid.claim.user is missing.",
    ],
    [
      "a list as the username",
      { username: "{{ svid.claim.user }}" },
      { user: ["a"] },
      "The username can't be made: svid.claim.user is neither text nor an integer nor a boolean.",
    ],
    [
      "half a character",
      { username: "{{ svid.claim.user }}" },
      { user: "\ud800" },
      "The username can't be made: svid.claim.user is not well-formed Unicode.",
    ],
    [
      "more than an application takes",
      { roles: ["{{ svid.claim.role }}"] },
      { role: "x".repeat(4_096) },
      "Roles, traits and username are longer than 4096 characters.",
    ],
  ])("%s", (_, more, claims, detail) => {
    expect(decided(rule(more), claims)).toEqual({ ok: false, error: { code: "assertion_refused", detail } });
  });
});

test("a claim that is a list gives a role for each of its elements, in canonical form", () => {
  const decision = decided(
    { rules: [{ match: { "svid.id": ID }, roles: ["ci", "{{ svid.claim.roles }}"] }] },
    { roles: ["a", 7, true] },
  );
  expect(decision.ok && decision.value.roles).toEqual(["ci", "a", "7", "true"]);
});

describe("headers", () => {
  test.each<[string, string[], JsonObject, JsonObject, string[] | string]>([
    [
      "with the assertion",
      ["Authorization: Bearer {{ internal.jwt }}"],
      {},
      {},
      ["Authorization: Bearer JWT"],
    ],
    ["with the assertion twice", ["X-A: {{ internal.jwt }}.{{internal.jwt}}"], {}, {}, ["X-A: JWT.JWT"]],
    ["with a text alone", ["X-From:   the gateway  "], {}, {}, ["X-From: the gateway"]],
    [
      "of the caller's values",
      ["X-Job: {{ svid.claim.a }}/{{ svid.claim.b }}"],
      {},
      { a: 1, b: "x y" },
      ["X-Job: 1/x y"],
    ],
    ["of the trust domain", ["X-Domain: {{ trustDomain }}"], {}, {}, ["X-Domain: ci.example.org"]],
    [
      "for each value of a trait",
      ["X-Team: ci {{ external.team }}"],
      { traits: { team: ["a", "{{ svid.claim.b }}"] } },
      { b: ["b", "c"] },
      ["X-Team: ci a", "X-Team: ci b", "X-Team: ci c"],
    ],
    [
      "with a filter",
      ["X-Team: {{ external.team | lower }}"],
      { traits: { team: ["A"] } },
      {},
      ["X-Team: a"],
    ],
    [
      "of a trait with an odd name",
      ['X-Team: {{ external["a/b"] }}'],
      { traits: { "a/b": ["x"] } },
      {},
      ["X-Team: x"],
    ],
    [
      "encoded",
      ["X-Label: {{ svid.claim.a | enc }}"],
      {},
      { a: "ä, b\r\n" },
      ["X-Label: _C3_A4_2C_20b_0D_0A"],
    ],
    [
      "of a claim that is missing",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      {},
      "The header X-Job can't be made: svid.claim.a is missing.",
    ],
    [
      "of a claim that is empty",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      { a: "" },
      "The header X-Job can't be made: svid.claim.a is empty.",
    ],
    [
      "of a list",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      { a: ["x"] },
      "The header X-Job can't be made: svid.claim.a is neither text nor an integer nor a boolean.",
    ],
    [
      "with a line break",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      { a: "x\r\nX-Admin: true" },
      "The header X-Job can't be made: svid.claim.a holds what a header can't.",
    ],
    [
      "with a null character",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      { a: "x\0" },
      "The header X-Job can't be made: svid.claim.a holds what a header can't.",
    ],
    [
      "with Latin-1",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      { a: "ä" },
      "The header X-Job can't be made: svid.claim.a holds what a header can't.",
    ],
    [
      "with a blank at its end",
      ["X-Job: {{ svid.claim.a }}"],
      {},
      { a: "x " },
      "The header X-Job can't be made: svid.claim.a holds what a header can't.",
    ],
    [
      "with a comma",
      ["X-Team: {{ external.team }}"],
      { traits: { team: ["{{ svid.claim.a }}"] } },
      { a: "a, admins" },
      "The header X-Team can't be made: external.team holds a comma, which separates the values of a header.",
    ],
  ])("%s", (_, headers, rule, claims, expected) => {
    expect(headersOf(headers, rule, claims)).toEqual(expected);
  });

  test("of a trait that another rule gives are refused", () => {
    const rules = [
      { match: { "svid.id": "spiffe://ci.example.org/x" }, traits: { team: ["a"], constructor: ["b"] } },
      { match: { "svid.id": ID } },
    ];
    for (const trait of ["team", "constructor"]) {
      const decision = decided({ rules, rewrite: { headers: [`X-Team: {{ external.${trait} }}`] } });
      expect(decision).toEqual({
        ok: false,
        error: {
          code: "assertion_refused",
          detail: `The header X-Team can't be made: external.${trait} is missing.`,
        },
      });
    }
  });

  test("that are longer than applications take are refused", () => {
    const headers = [`X-A: ${"x".repeat(3_000)} {{ external.team }}`];
    const teams = (count: number) => ({ traits: { team: Array.from({ length: count }, (_, n) => `t${n}`) } });
    expect(headersOf(headers, teams(2), {})).toHaveLength(2);
    expect(headersOf(headers, teams(3), {})).toBe("The headers are longer than 8192 characters.");
  });
});
