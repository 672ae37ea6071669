import { describe, expect, test } from "vitest";
import { parseTrustYaml } from "../../../../shared/trust/document/yaml.ts";
import { checkDocument } from "../../../../shared/trust/tools/check-document.ts";
import { runDocumentTests, type TestReport } from "../../../../shared/trust/tools/document-tests.ts";
import { APPLICATION } from "../application-document.ts";
import { BASE, edit } from "../base-document.ts";

const ID = "spiffe://ci.example.org/github/1342205517";

/** The report on one test, which replaces that of the base document with an application. */
async function report(written: string, application = APPLICATION): Promise<TestReport> {
  const [, own = ""] = BASE.split("tests:\n");
  const yaml = edit(
    `tests:\n${own}`,
    `${application}tests:\n  - {name: t, application: grafana, ${written}}\n`,
  );
  const parsed = parseTrustYaml(yaml);
  const checked = parsed.ok ? await checkDocument(parsed.value.value) : parsed;
  if (!checked.ok) throw new Error(JSON.stringify(checked.error));
  return runDocumentTests(checked.value);
}

async function failuresOf(written: string, application = APPLICATION): Promise<readonly string[]> {
  return (await report(written, application)).results.flatMap(({ failures }) => failures);
}

describe("a test of an application", () => {
  const push = "issuer: github, fixture: github/push";
  test.each<[string, string, readonly string[]]>([
    [
      "passes where a job gets in by the policies",
      `${push}, expect: {roles: [Editor], traits: {team: [platform]}, username: "${ID}"}`,
      [],
    ],
    [
      "passes on headers, whatever the case of their names",
      `${push}, expect: {headers: {x-job: ["${ID}"], X-Team: [platform], X-Caller: ["{{ internal.jwt }}"]}}`,
      [],
    ],
    ["passes for an SVID", `svid: {id: "${ID}"}, expect: {roles: [Editor]}`, []],
    [
      "passes where no rule matches",
      'svid: {id: "spiffe://ci.example.org/corp/7", claims: {role: admin}}, expect: {denied: application_denied}',
      [],
    ],
    [
      "passes where the policies deny",
      "issuer: github, fixture: github/tag, expect: {denied: policy_denied}",
      [],
    ],
    [
      "passes where the exchange refuses the token",
      `${push}, claims: {run_id: null}, expect: {denied: token_claim_missing}`,
      [],
    ],
    ["names the policy of the request", `${push}, policy: deploy, expect: {roles: [Editor]}`, []],
    [
      "fails on other roles, traits and usernames, and says each",
      `${push}, expect: {roles: [Admin], traits: {}, username: ci}`,
      [
        'the test expects roles ["Admin"], but the application gets ["Editor"]',
        'the test expects traits {}, but the application gets {"team":["platform"]}',
        `the test expects username "ci", but the application gets "${ID}"`,
      ],
    ],
    [
      "fails on other headers, and on those that are not there",
      `${push}, expect: {headers: {X-Team: [a, b], X-Role: [Editor]}}`,
      [
        'the test expects the header X-Team ["a","b"], but the application gets ["platform"]',
        'the test expects the header X-Role ["Editor"], but the application gets none',
      ],
    ],
    [
      "fails where nobody should get in and somebody does",
      `${push}, expect: {denied: application_denied}`,
      ["the test expects application_denied, but the caller gets in"],
    ],
    [
      "fails where no rule matches",
      'svid: {id: "spiffe://ci.example.org/corp/7"}, expect: {roles: []}',
      [
        "the test expects that the caller gets in, but the answer is application_denied: The caller's SVID meets no rule of the application.",
      ],
    ],
    [
      "fails where the policies deny",
      "issuer: github, fixture: github/tag, expect: {denied: application_denied}",
      [
        "the test expects application_denied, but the answer is policy_denied: The token does not meet the policy deploy.",
      ],
    ],
    [
      "fails for an SVID of another trust domain",
      'svid: {id: "spiffe://ci.example.net/github/7"}, expect: {denied: application_denied}',
      ["the SVID is of another trust domain, which the gateway refuses before any rule"],
    ],
    [
      "fails on an unknown fixture",
      "issuer: github, fixture: github/psh, expect: {roles: [Editor]}",
      ["there is no fixture github/psh; did you mean github/push?"],
    ],
  ])("%s", async (_, written, failures) => {
    expect(await failuresOf(written)).toEqual(failures);
  });

  const straight = edit("[svid, id-token]", "[id-token]", APPLICATION);

  test("gives an ID token the application's audience where it goes there straight", async () => {
    const { results } = await report(`${push}, expect: {roles: [Editor]}`, straight);
    expect(results[0]?.failures).toEqual([]);
    expect(results[0]?.explanation?.attributes).toContainEqual({
      name: "jwt.claim.aud",
      value: "https://vault.example.org",
    });
  });

  test.each([
    ["the policies deny", "issuer: github, fixture: github/tag", "application_denied"],
    ["the token lacks a claim", `${push}, claims: {run_id: null}`, "caller_token_refused"],
  ])("is denied by the gateway where an ID token goes there straight and %s", async (_, caller, code) => {
    expect(await failuresOf(`${caller}, expect: {denied: ${code}}`, straight)).toEqual([]);
    expect(await failuresOf(`${caller}, expect: {denied: ${code}}`)).not.toEqual([]);
  });

  test("fails where an ID token would name a policy", async () => {
    expect(await failuresOf(`${push}, policy: deploy, expect: {roles: [Editor]}`, straight)).toEqual([
      "the application takes ID tokens alone, which name no policy; remove policy",
    ]);
  });

  test("is denied where a value does not fit", async () => {
    const missing = edit("[Editor]", '["{{ svid.claim.role }}"]', APPLICATION);
    expect(await failuresOf(`${push}, expect: {denied: assertion_refused}`, missing)).toEqual([]);
  });
});

test("the report has the decision of the policies, that of the rules, and what nobody tests", async () => {
  const passed = await report("issuer: github, fixture: github/push, expect: {roles: [Editor]}");
  expect(passed).toMatchObject({ passed: true, untested: ["test"], untestedApplications: [] });
  const [result] = passed.results;
  expect(result?.explanation?.outcome).toMatchObject({ ok: true, value: { policy: "deploy" } });
  expect(result?.application).toMatchObject({
    application: "grafana",
    host: "grafana.apps.example.org",
    audience: "https://vault.example.org",
    attributes: [{ name: "svid.id", value: ID }],
    rules: [
      {
        matched: true,
        match: [
          {
            attribute: "svid.id",
            expected: "glob spiffe://ci.example.org/github/*",
            value: ID,
            holds: true,
          },
        ],
      },
    ],
    outcome: { ok: true },
    headers: [
      { name: "X-Caller", value: "{{ internal.jwt }}" },
      { name: "X-Job", value: ID },
      { name: "X-Team", value: "platform" },
    ],
  });
  const denied = await report(
    'svid: {id: "spiffe://ci.example.org/x"}, expect: {denied: application_denied}',
  );
  expect(denied).toMatchObject({
    passed: true,
    untested: ["deploy", "test"],
    untestedApplications: ["grafana"],
  });
  expect(denied.results[0]).not.toHaveProperty("explanation");
  expect(denied.results[0]?.application?.headers).toEqual([]);
});
