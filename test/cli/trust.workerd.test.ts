import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildCli, type Cli } from "../stage/cli.ts";
import { createIssuer } from "../stage/issuer.ts";

let cli: Cli;
beforeAll(async () => {
  cli = await buildCli();
});
afterAll(() => cli.remove());

const DOCUMENT = `version: 1
trustDomain: ci.example.org
issuer: https://svid.example.org
allowedIssuers:
  - { id: github, type: github, issuer: https://token.actions.githubusercontent.com }
policies:
  - name: deploy
    issuer: github
    match:
      jwt.claim.repository_owner_id: "214907733"
      jwt.claim.repository_id: "1342205517"
      jwt.claim.environment: [production, staging]
    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}/env/{{ jwt.claim.environment }}"
    audiences: [https://vault.example.org]
  - name: nightly
    issuer: github
    match:
      jwt.claim.repository_owner_id: "214907733"
      jwt.claim.repository_id: "1342205517"
      jwt.claim.event_name: schedule
      jwt.claim.environment: { exists: false }
    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}/nightly"
    audiences: [https://vault.example.org]
tests:
  - name: production may deploy
    issuer: github
    fixture: github/environment
    expect: { policy: deploy, spiffeId: "spiffe://ci.example.org/github/1342205517/env/production" }
`;

/** Writes a document that differs from the good one, and runs a command on it. */
function on(document: string, args: readonly string[], more: object = {}) {
  writeFileSync(join(cli.folder, "trust.yaml"), document);
  return cli.run(args, more);
}

describe("check", () => {
  test("finds nothing wrong with a good document", async () => {
    const { code, stdout, stderr } = await on(DOCUMENT, ["check"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^trust\.yaml: .*1 issuer, 2 policies\n$/m);
  });

  test("names each problem with its line and column, all of them at once", async () => {
    const broken = DOCUMENT.replace("audiences: [https", "audience: [https").replace(
      "version: 1",
      "version: 2",
    );
    const { code, stdout } = await on(broken, ["check"]);
    expect(code).toBe(1);
    expect(stdout).toContain("trust.yaml:1:1: error: ");
    expect(stdout).toMatch(/trust\.yaml:14:5: error: .*did you mean audiences\? \[shape\]/);
    expect(stdout).toContain("docs/reference/policy.md");
    expect(stdout).toContain("it cannot be applied");
  });

  test("refuses one identity for the jobs of two issuers, as every command does that needs a good document", async () => {
    const two = DOCUMENT.replace(
      "policies:\n",
      "  - { id: gitlab, type: gitlab, issuer: https://gitlab.com }\npolicies:\n",
    ).replace(
      "tests:\n",
      '  - name: mirror\n    issuer: gitlab\n    match: { jwt.claim.project_id: "7" }\n    spiffeId: "spiffe://{{ trustDomain }}/github/{{ jwt.claim.namespace_id }}/nightly"\n    audiences: [https://vault.example.org]\ntests:\n',
    );
    const { code, stdout } = await on(two, ["check"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /trust\.yaml:\d+:5: error: the policy nightly of github can .*\[shared-identity\]/,
    );
    expect(stdout).toContain("it cannot be applied");
    const tested = await on(two, ["test"]);
    expect([tested.code, tested.stderr]).toEqual([1, expect.stringContaining("[shared-identity]")]);
  });

  test("says where the YAML itself breaks", async () => {
    const { code, stdout } = await on("version: 1\n\tbad: x\n", ["check"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^trust\.yaml:2:\d+: error: .*\[syntax\]$/m);
  });

  test("warns without failing, unless --strict", async () => {
    const names = DOCUMENT.replace('repository_owner_id: "214907733"', "repository_owner: brightfen").replace(
      'repository_id: "1342205517"',
      "repository: brightfen/orders-api",
    );
    const warned = await on(names, ["check"]);
    expect(warned.stdout).toMatch(/:\d+:\d+: warning: .*\[names-without-ids\]/);
    expect(warned.code).toBe(0);
    expect((await on(names, ["check", "--strict"])).code).toBe(1);
  });

  test("gives the same as JSON", async () => {
    const { code, stdout } = await on(DOCUMENT.replace("version: 1", "version: 2"), ["check", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      file: "trust.yaml",
      errors: 1,
      problems: [{ line: 1, column: 1, severity: "error", path: ["version"] }],
    });
  });

  test("takes another file, and says so where there is none", async () => {
    const { code, stderr } = await cli.run(["check", "other.yaml"]);
    expect(code).toBe(1);
    expect(stderr).toContain("other.yaml could not be read (ENOENT)");
  });

  test("shows control characters of a document as escapes, so that they can't act on the terminal", async () => {
    const { stdout } = await on(DOCUMENT.replace("name: nightly", 'name: "\\e[2Jx"'), ["check"]);
    expect(stdout).not.toContain("\u001b");
  });
});

describe("test", () => {
  test("passes, and names the policies that no test gets an SVID by", async () => {
    const { code, stdout } = await on(DOCUMENT, ["test"]);
    expect(code).toBe(0);
    expect(stdout).toContain("✓ production may deploy");
    expect(stdout).toContain("1 of 1 test passed");
    expect(stdout).toContain("untested policies: nightly (no passing test gets an SVID by them)");
  });

  test("fails with the line of the test, what differs, and how the decision came about", async () => {
    const { code, stdout } = await on(DOCUMENT.replace("[production, staging]", "staging"), ["test"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ production may deploy {2}trust\.yaml:25:\d+/);
    expect(stdout).toContain("the test expects a grant, but the exchange answers policy_denied");
    expect(stdout).toMatch(/✗ jwt\.claim\.environment +production +expected staging/);
  });

  test("needs a document that compiles", async () => {
    const { code, stderr } = await on(DOCUMENT.replace("version: 1", "version: 2"), ["test"]);
    expect(code).toBe(1);
    expect(stderr).toContain("trust.yaml:1:1: error:");
  });

  test("gives the same as JSON", async () => {
    const { stdout } = await on(DOCUMENT, ["test", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      passed: true,
      untested: ["nightly"],
      tests: [{ line: 25, passed: true }],
    });
  });
});

describe("explain", () => {
  test("shows the grant, and the SVID that would be minted", async () => {
    const { code, stdout } = await on(DOCUMENT, ["explain", "--fixture", "github/environment"]);
    expect(code).toBe(0);
    expect(stdout).toContain("granted by deploy");
    expect(stdout).toContain("spiffe://ci.example.org/github/1342205517/env/production");
  });

  test("shows why a job is refused: its values, what the policy wants, and the nearest misses", async () => {
    const claims = JSON.stringify({
      iss: "https://token.actions.githubusercontent.com",
      repository_owner_id: "214907733",
      repository_id: "1342205517",
      event_name: "push",
      environment: "dev",
    });
    const { code, stdout } = await on(DOCUMENT, ["explain", "--claims", claims]);
    expect(code).toBe(1);
    expect(stdout).toContain("refused policy_denied");
    expect(stdout).toContain("docs/reference/errors.md#policy_denied");
    expect(stdout).toMatch(/✗ jwt\.claim\.environment +dev +expected production or staging/);
    expect(stdout).toMatch(/✗ jwt\.claim\.event_name +push +expected schedule/);
    expect(stdout).toContain("✗ the token lacks workflow_ref");
  });

  test("shows the values that a deny rule names as denied, not as expected", async () => {
    const denying = DOCUMENT.replace(
      "    spiffeId:",
      "    deny: [{ jwt.claim.environment: production, jwt.claim.ref: { glob: refs/heads/* } }]\n    spiffeId:",
    );
    const { code, stdout } = await on(denying, ["explain", "--fixture", "github/environment"]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ jwt\.claim\.environment +production\n/);
    expect(stdout).toMatch(/✗ jwt\.claim\.ref +refs\/heads\/main +denied glob refs\/heads\/\*\n/);
  });

  test("takes no claims that no token may hold: the exchange would not read a number as its neighbour", async () => {
    const claims = '{"iss": "https://token.actions.githubusercontent.com", "run_id": 1.0000000000000001}';
    const { code, stderr } = await on(DOCUMENT, ["explain", "--claims", claims]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("a string or number that has no exact value"),
    ]);
  });

  test("takes claims from a file, and says which fixture was meant", async () => {
    writeFileSync(join(cli.folder, "claims.json"), '{"environment": "production"}');
    const file = await on(DOCUMENT, ["explain", "--claims", "claims.json", "--issuer", "github"]);
    expect(file.stdout).toMatch(/✓ jwt\.claim\.environment +production/);
    const typo = await on(DOCUMENT, ["explain", "--fixture", "github/enviroment"]);
    expect(typo.code).toBe(2);
    expect(typo.stderr).toContain("did you mean github/environment? [usage]");
  });

  test("says that an issuer is not allowed, and which one is nearest", async () => {
    const claims = '{"iss": "https://token.actions.githubusercontent.com/"}';
    const { code, stderr } = await on(DOCUMENT, ["explain", "--claims", claims]);
    expect(code).toBe(1);
    expect(stderr).toContain("did you mean https://token.actions.githubusercontent.com? [");
    expect(stderr).toContain("path and slash at the end");
  });

  test("names the guard that a job trips, and the claim that lifts it", async () => {
    const { stdout } = await on(DOCUMENT, ["explain", "--fixture", "github/pull-request-target"]);
    expect(stdout).toContain("refused guard_refused");
    expect(stdout).toContain("a policy lifts it by matching jwt.claim.event_name");
  });

  test("reads a token, without and with its signature", async () => {
    const issuer = await createIssuer("https://ci.example.com", { sub: "job", project: "p1" });
    const token = await issuer.token("https://svid.example.org");
    const document = DOCUMENT.replace(
      "policies:",
      `  - { id: own, type: jwt, issuer: https://ci.example.com, jwks: ${JSON.stringify(issuer.jwks)} }
policies:
  - name: own
    issuer: own
    match: { jwt.claim.project: p1 }
    spiffeId: "spiffe://{{ trustDomain }}/own/{{ jwt.claim.project }}"
    audiences: [https://vault.example.org]`,
    );
    const read = await on(document, ["explain", "--token", "-"], { stdin: token });
    expect(read).toMatchObject({ code: 0, stderr: "" });
    expect(read.stdout).toContain("signature not verified; --verify does that");
    const verified = await on(document, ["explain", "--token", "-", "--verify"], { stdin: token });
    expect(verified.code).toBe(0);
    expect(verified.stdout).toContain("signature verified");
    const forged = `${token.slice(0, -8)}AAAAAAAA`;
    const refused = await on(document, ["explain", "--token", "-", "--verify"], { stdin: forged });
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain("✗ signature_invalid");
    for (const { stdout } of [read, verified, refused]) expect(stdout).not.toContain(token.slice(0, 40));
    const late = await on(document, ["explain", "--token", "-", "--json"], {
      stdin: await issuer.token("https://else.example"),
    });
    expect(JSON.parse(late.stdout)).toMatchObject({
      granted: false,
      verified: false,
      findings: [{ code: "token_audience_mismatch" }],
    });
  });

  test.each([
    ["nothing to explain", []],
    ["two jobs at once", ["--claims", "{}", "--fixture", "github/push"]],
    ["--verify without a token", ["--claims", "{}", "--verify"]],
    ["an issuer that is not there", ["--claims", "{}", "--issuer", "gitlab"]],
  ])("refuses %s with exit code 2", async (_, flags) => {
    expect((await on(DOCUMENT, ["explain", ...flags])).code).toBe(2);
  });

  test("hides policies that are far off, and counts them", async () => {
    const many = Array.from(
      { length: 30 },
      (_, index) => `  - name: p${index}
    issuer: github
    match: { jwt.claim.repository_owner_id: "${index}", jwt.claim.repository_id: "${index}" }
    spiffeId: "spiffe://{{ trustDomain }}/p${index}"
    audiences: [https://a.example]`,
    ).join("\n");
    const document = DOCUMENT.replace("policies:\n", `policies:\n${many}\n`);
    const few = await on(document, ["explain", "--fixture", "github/environment"]);
    expect(few.stdout).toContain("31 more of this issuer's policies did not match; --all shows them");
    const all = await on(document, ["explain", "--fixture", "github/environment", "--all"]);
    expect(all.stdout).toContain("✗ p29");
  });
});

test("the repository's own trust document is without errors", async () => {
  const { code } = await on(readFileSync("trust.yaml", "utf8"), ["check"]);
  expect(code).toBe(0);
});
