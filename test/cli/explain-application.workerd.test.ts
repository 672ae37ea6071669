import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCli, type Cli } from "../stage/cli.ts";
import { createIssuer, type Issuer } from "../stage/issuer.ts";

const AUDIENCE = "https://grafana.apps.example.org";
const EXCHANGE = "https://svid.example.org";
const ID = "spiffe://ci.example.org/ci/7";

let cli: Cli;
let ci: Issuer;
let exchange: Issuer;
beforeAll(async () => {
  [cli, ci, exchange] = await Promise.all([
    buildCli(),
    createIssuer("https://ci.example.net", { sub: "job", project: "7", team: "platform" }),
    createIssuer(EXCHANGE, { sub: ID, team: "platform" }),
  ]);
});
afterAll(() => cli.remove());

/** @param accept the tokens that the application takes. */
function document(accept: string): string {
  return `version: 1
trustDomain: ci.example.org
issuer: ${EXCHANGE}
allowedIssuers:
  - { id: ci, type: jwt, issuer: https://ci.example.net, jwks: ${JSON.stringify(ci.jwks)} }
policies:
  - name: job
    issuer: ci
    match: { jwt.claim.project: "7" }
    spiffeId: "spiffe://{{ trustDomain }}/ci/{{ jwt.claim.project }}"
    audiences: [${AUDIENCE}, https://vault.example.org]
    claims: { team: "{{ jwt.claim.team }}" }
applications:
  - name: grafana
    host: grafana.apps.example.org
    origin: { service: GRAFANA }
    accept: ${accept}
    rules:
      - { match: { svid.claim.team: admins }, roles: [Admin], traits: { team: [admins] } }
      - { match: { svid.id: { glob: "spiffe://ci.example.org/ci/*" } }, roles: [Editor], traits: { team: ["{{ svid.claim.team }}", all] } }
      - { match: { svid.id: { exists: true } }, roles: [Viewer], traits: { team: [all] } }
    assertion: { header: none, audience: grafana }
    rewrite: { headers: ["Authorization: Bearer {{ internal.jwt }}", "X-Team: {{ external.team }}"] }
tests:
  - { name: an admin, application: grafana, svid: { id: ${ID}, claims: { team: admins } }, expect: { roles: [Admin] } }
`;
}

function run(args: readonly string[], { accept = "[svid]", stdin = "" } = {}) {
  writeFileSync(join(cli.folder, "trust.yaml"), document(accept));
  return cli.run(args, { stdin });
}

const explain = (args: readonly string[], more: { accept?: string; stdin?: string } = {}) =>
  run(["explain", "--application", "grafana", ...args], more);
const JOB = ["--claims", '{"iss": "https://ci.example.net", "project": "7", "team": "platform"}'];

describe("explain --application", () => {
  test("shows what the policies grant the job, and what the application is told of it", async () => {
    const { code, stdout } = await explain(JOB);
    expect(code).toBe(0);
    expect(stdout).toMatch(/granted by job\n.*spiffe:\/\/ci\.example\.org\/ci\/7\n.*https:\/\/grafana\.apps/);
    expect(stdout).toContain(`
application  grafana (grafana.apps.example.org)
let in by rule 2
  username  ${ID}
  roles     Editor
  traits    team: platform, all
  assertion for grafana, 1m, signed with ES256
  headers   Authorization: Bearer {{ internal.jwt }}
            X-Team: platform
            X-Team: all

✗ rule 1
  ✗ svid.claim.team  platform  expected admins

✓ rule 2
  ✓ svid.id          ${ID}  expected glob spiffe://ci.example.org/ci/*
1 later rule not needed; --all shows what they expect
`);
    expect((await explain([...JOB, "--all"])).stdout).toContain("rule 3");
  });

  test("gives the same as JSON", async () => {
    const { stdout } = await explain([...JOB, "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      admitted: true,
      granted: true,
      outcome: { ok: true, value: { policy: "job" } },
      application: {
        application: "grafana",
        outcome: { ok: true, value: { rule: 1, roles: ["Editor"] } },
        headers: [
          { name: "Authorization", value: "Bearer {{ internal.jwt }}" },
          { name: "X-Team", value: "platform" },
          { name: "X-Team", value: "all" },
        ],
      },
    });
  });

  test("ends with the policies where they grant the job nothing", async () => {
    const { code, stdout } = await explain(["--claims", '{"iss": "https://ci.example.net", "project": "8"}']);
    expect(code).toBe(1);
    expect(stdout).toContain("refused policy_denied");
    expect(stdout).not.toContain("application ");
  });

  test("shows what the application is told of the bearer of an SVID", async () => {
    const { code, stdout } = await explain(["--svid", "-"], { stdin: await exchange.token(AUDIENCE) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^SVID not verified; svid-exchange verify does that\napplication {2}grafana/);
    expect(stdout).toContain("let in by rule 2");
  });

  test.each<[string, object, string, string]>([
    ["another audience", {}, "https://vault.example.org", "The token is for another audience."],
    ["another issuer", { iss: "https://evil.example" }, AUDIENCE, "The token is of another issuer."],
    [
      "another trust domain",
      { sub: "spiffe://evil.example/ci/7" },
      AUDIENCE,
      "The token is of another trust domain.",
    ],
    ["the past", { exp: 1 }, AUDIENCE, "The token has expired."],
  ])("says that the gateway refuses an SVID of %s", async (_, claims, audience, message) => {
    const stdin = await exchange.token(audience, claims);
    const { code, stdout } = await explain(["--svid", "-"], { stdin });
    expect(code).toBe(1);
    expect(stdout).toContain(`✗ caller_token_refused: ${message}`);
    expect(stdout).toContain("The gateway refuses the SVID before it looks at rules.");
    expect(stdout).not.toContain(stdin.slice(0, 40));
    const json = await explain(["--svid", "-", "--json"], { stdin });
    expect(JSON.parse(json.stdout)).toMatchObject({
      admitted: false,
      findings: [{ code: "caller_token_refused", message }],
    });
  });

  test("shows why no rule lets a caller in, and shows control characters as escapes", async () => {
    const claims = JSON.stringify({ sub: "spiffe://ci.example.org/x", team: "\u001b[2Jx" });
    const { code, stdout } = await explain(["--svid", claims]);
    expect(code).toBe(0);
    expect(stdout).toContain("let in by rule 3");
    expect(stdout).not.toContain("\u001b");
    const refused = await explain(["--svid", JSON.stringify({ sub: ID })]);
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain(
      "refused assertion_refused: The trait team can't be made: svid.claim.team is missing.",
    );
    expect(refused.stdout).toContain("docs/reference/errors.md#assertion_refused");
  });

  test("judges an ID token that goes to the application straight by the application's audience", async () => {
    const stdin = await ci.token(AUDIENCE);
    const straight = await explain(["--token", "-", "--verify"], { accept: "[id-token]", stdin });
    expect(straight.stdout).toContain("signature verified");
    expect(straight.code).toBe(0);
    const either = await explain(["--token", "-", "--verify"], { accept: "[svid, id-token]", stdin });
    expect(either.code).toBe(0);
    const exchanged = await explain(["--token", "-"], { stdin });
    expect(exchanged.code).toBe(1);
    expect(exchanged.stdout).toContain("✗ token_audience_mismatch");
    const first = await explain(["--token", "-", "--verify"], {
      accept: "[svid, id-token]",
      stdin: await ci.token(EXCHANGE),
    });
    expect(first.code).toBe(0);
  });

  test.each<[string, readonly string[], { accept?: string }]>([
    ["a name that no application has", ["explain", "--application", "grafanna", ...JOB], {}],
    ["--svid without an application", ["explain", "--svid", "x"], {}],
    ["an SVID and a job", ["explain", "--application", "grafana", "--svid", "x", ...JOB], {}],
    ["an audience", ["explain", "--application", "grafana", "--audience", "x", ...JOB], {}],
    [
      "a policy where ID tokens go straight",
      ["explain", "--application", "grafana", "--policy", "job", ...JOB],
      { accept: "[id-token]" },
    ],
  ])("refuses %s with exit code 2", async (_, args, more) => {
    const { code, stderr } = await run(args, more);
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining("next:") });
  });

  test.each([
    ["no JWT", "x.y", "svid_unreadable"],
    ["a JWT that is none", "x.y.z", "malformed"],
    ["claims that are no JSON", '{"sub"', "claims_malformed"],
    ["claims without a SPIFFE ID", '{"sub": "job"}', "claims_malformed"],
  ])("fails on %s", async (_, svid, code) => {
    const { code: exit, stderr } = await explain(["--svid", svid]);
    expect(exit).toBe(1);
    expect(stderr).toContain(`[${code}]`);
  });
});

test("test names the applications that no test lets anybody into, and shows the rules where one fails", async () => {
  const passed = await run(["test"]);
  expect(passed.stdout).toContain("untested policies: job");
  expect(passed.stdout).not.toContain("untested applications");
  writeFileSync(
    join(cli.folder, "failing.yaml"),
    document("[svid]").replace("team: admins } }, expect", "team: x } }, expect"),
  );
  const failing = await cli.run(["test", "failing.yaml"]);
  expect(failing.code).toBe(1);
  expect(failing.stdout).toContain('the test expects roles ["Admin"], but the application gets ["Editor"]');
  expect(failing.stdout).toContain("let in by rule 2");
  expect(failing.stdout).toContain("untested applications: grafana (no passing test lets anybody in)");
});

describe("check", () => {
  const folder = () => mkdtempSync(join(cli.folder, "project-"));
  const check = (project: string, files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, name), text);
    writeFileSync(join(project, "trust.yaml"), document("[svid]"));
    return cli.run(["check", join(project, "trust.yaml")]);
  };

  test("counts applications, and knows no bindings where there is no configuration of wrangler", async () => {
    const { stdout } = await check(folder(), {});
    expect(stdout).toContain("1 issuer, 1 policy, 1 application");
    expect(stdout).not.toContain("unbound-origin");
  });

  test.each([
    ["wrangler.toml", '[[services]]\nbinding = "GRAFANA"\nservice = "grafana"\n'],
    ["wrangler.toml", "services = [{binding = 'GRAFANA', service = 'grafana'}]"],
    ["wrangler.jsonc", '{"services": [{"binding": "GRAFANA", "service": "grafana"}]}'],
  ])("finds the binding of an origin in %s", async (name, text) => {
    expect((await check(folder(), { [name]: text })).stdout).not.toContain("unbound-origin");
  });

  test.each([
    ["another binding", '[[services]]\nbinding = "LOKI"\nservice = "grafana"\n'],
    ["a binding in a comment", '# binding = "GRAFANA"\n'],
  ])("warns of %s", async (_, text) => {
    const { stdout } = await check(folder(), { "wrangler.toml": text });
    expect(stdout).toMatch(/:\d+:\d+: warning: .* no binding GRAFANA.*\[\[services\]\] \[unbound-origin\]/);
  });
});
