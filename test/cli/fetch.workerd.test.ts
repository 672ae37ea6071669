import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { createRemoteJWKSet, decodeJwt, jwtVerify } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AUDIENCE, type CliWorld, startCliWorld } from "../stage/cli-world.ts";
import { createGateway } from "../stage/gateway.ts";
import { createProxy } from "../stage/proxy.ts";

let world: CliWorld;
beforeAll(async () => {
  world = await startCliWorld();
});
afterAll(() => world.close());

const JWT = /[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/;

const fetchTo = (place: string, ...more: readonly string[]): string[] => [
  "fetch",
  "--exchange-url",
  world.url,
  "--audience",
  AUDIENCE,
  "--svid-file",
  place,
  ...more,
];

/** A service's own check, by a library that did not mint the SVID. */
async function subjectOf(svid: string): Promise<string | undefined> {
  const keys = createRemoteJWKSet(new URL(`${world.url}/.well-known/jwks.json`));
  return (await jwtVerify(svid, keys, { issuer: world.url, audience: AUDIENCE })).payload.sub;
}

const GITHUB_ID = "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production";

describe("finds the subject token", () => {
  test.each([
    ["github", GITHUB_ID],
    ["circleci", "spiffe://ci.example.org/circleci/deploy"],
    ["buildkite", "spiffe://ci.example.org/buildkite/deploy"],
    ["azure", "spiffe://ci.example.org/azure/deploy"],
  ] as const)("in a job of %s", async (ci, spiffeId) => {
    const { code, stdout, stderr } = await world.cli.run(fetchTo("-"), { env: world.jobs[ci] });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(await subjectOf(stdout)).toBe(spiffeId);
  });

  test("in the variable that GitLab's id_tokens declares", async () => {
    const env = { GITLAB_CI: "true", SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() };
    const { stdout } = await world.cli.run(fetchTo("-"), { env });
    expect(await subjectOf(stdout)).toBe("spiffe://ci.example.org/gitlab/74210093/env/production");
  });

  test("in CircleCI's ready-made variable, where the image has no circleci", async () => {
    const env = {
      CIRCLECI: "true",
      PATH: "/nowhere",
      CIRCLE_OIDC_TOKEN_V2: await world.issuers.circleci.token(world.url),
    };
    const { stdout } = await world.cli.run(fetchTo("-"), { env });
    expect(await subjectOf(stdout)).toBe("spiffe://ci.example.org/circleci/deploy");
  });

  test("where --token-env, --token-file and standard input have it, whatever the CI", async () => {
    const file = join(world.cli.folder, "token");
    const [first, second, third] = await Promise.all([
      world.gitlabToken(),
      world.gitlabToken(),
      world.gitlabToken(),
    ]);
    writeFileSync(file, `${second}\n`);
    const env = { ...world.jobs.github, MY_TOKEN: first };
    const runs = await Promise.all([
      world.cli.run(fetchTo("-", "--token-env", "MY_TOKEN"), { env }),
      world.cli.run(fetchTo("-", "--token-file", file), { env }),
      world.cli.run(fetchTo("-", "--token-file", "-"), { env, stdin: `${third}\n` }),
    ]);
    for (const { stdout } of runs) expect(decodeJwt(stdout).sub).toContain("/gitlab/");
  });

  test("and asks with the audience that --token-audience names", async () => {
    const { code, stderr } = await world.cli.run(fetchTo("-", "--token-audience", "https://else.example"), {
      env: world.jobs.github,
    });
    expect(code).toBe(1);
    expect(stderr).toContain("[token_audience_mismatch]");
    expect(stderr).toContain("requested for the audience https://else.example");
    expect(world.tokens.asked().at(-1)).toContain("audience=https%3A%2F%2Felse.example");
  });
});

describe("writes the SVID", () => {
  test("to standard output and nothing else there, not even the end of a line", async () => {
    const { stdout } = await world.cli.run(fetchTo("-"), { env: world.jobs.github });
    expect(stdout).toMatch(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/);
  });

  test("to a file that its owner alone may read, and says where on standard error, without the SVID", async () => {
    const file = join(world.cli.folder, "svid");
    const { code, stdout, stderr } = await world.cli.run(fetchTo("svid"), { env: world.jobs.github });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await subjectOf(readFileSync(file, "utf8"))).toBe(GITHUB_ID);
    expect(stderr).toContain(`${GITHUB_ID} for ${AUDIENCE} until 2`);
    expect(stderr).toContain(file);
    expect(stderr).not.toMatch(JWT);
  });

  test("in place of a file with wider permissions and of a link, which is not followed", async () => {
    const open = join(world.cli.folder, "open");
    writeFileSync(open, "old", { mode: 0o644 });
    const victim = join(world.cli.folder, "victim");
    writeFileSync(victim, "untouched");
    symlinkSync(victim, join(world.cli.folder, "link"));
    for (const name of ["open", "link"]) await world.cli.run(fetchTo(name), { env: world.jobs.github });
    expect(statSync(open).mode & 0o777).toBe(0o600);
    expect(readFileSync(victim, "utf8")).toBe("untouched");
    expect(lstatSync(join(world.cli.folder, "link")).isSymbolicLink()).toBe(false);
  });

  test("as JSON with --json", async () => {
    const toFile = await world.cli.run(fetchTo("svid2", "--json"), { env: world.jobs.github });
    const said = JSON.parse(toFile.stdout);
    expect(said).toMatchObject({
      spiffe_id: GITHUB_ID,
      audience: AUDIENCE,
      policy: "github-deploy",
      expires_in: 300,
    });
    expect(said.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(toFile.stdout).not.toMatch(JWT);
    const toStdout = await world.cli.run(fetchTo("-", "--json"), { env: world.jobs.github });
    expect(await subjectOf(JSON.parse(toStdout.stdout).svid)).toBe(GITHUB_ID);
  });

  test("only once it is held against the published keys, with --verify", async () => {
    const good = await world.cli.run(fetchTo("-", "--verify"), { env: world.jobs.github });
    expect(await subjectOf(good.stdout)).toBe(GITHUB_ID);
    // A front that is not what the SVID's issuer says: its discovery names another one.
    const front = await createGateway(async (request) => {
      const { pathname } = new URL(request.url);
      const answer = await fetch(`${world.url}${pathname}`, {
        method: request.method,
        headers: { "content-type": request.headers.get("content-type") ?? "" },
        ...(request.method === "POST" ? { body: await request.text() } : {}),
      });
      return new Response(await answer.text(), { status: answer.status });
    });
    const flags = [
      "--exchange-url",
      front.url,
      "--token-audience",
      world.url,
      "--audience",
      AUDIENCE,
      "--verify",
    ];
    const bad = await world.cli.run(["fetch", "--svid-file", "-", ...flags], { env: world.jobs.github });
    await front.close();
    expect({ code: bad.code, stdout: bad.stdout }).toEqual({ code: 1, stdout: "" });
    expect(bad.stderr).toContain("[issuer_differs]");
  });

  test("nowhere in a dry run, which uses no token up", async () => {
    const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() };
    const args = ["fetch", "--exchange-url", world.url, "--audience", AUDIENCE];
    const dry = await world.cli.run([...args, "--dry-run"], { env });
    expect(dry.stdout).toContain("spiffe://ci.example.org/gitlab/74210093/env/production");
    expect(dry.stdout).not.toMatch(JWT);
    const wet = await world.cli.run([...args, "--svid-file", "-"], { env });
    expect(await subjectOf(wet.stdout)).toContain("/gitlab/");
  });
});

describe("refuses", () => {
  test.each([
    ["no address", ["fetch", "--svid-file", "-"], "SVID_EXCHANGE_URL"],
    ["no place for the SVID", ["fetch", "--exchange-url", "https://x.example"], "--svid-file FILE"],
    ["an http address", ["fetch", "--svid-file", "-", "--exchange-url", "http://x.example"], "not https"],
    [
      "a timeout that is no duration",
      ["fetch", "--svid-file", "-", "--exchange-url", "https://x.example", "--timeout", "1.5h"],
      "30s",
    ],
    [
      "two places for the token",
      [
        "fetch",
        "--svid-file",
        "-",
        "--exchange-url",
        "https://x.example",
        "--token-env",
        "A",
        "--token-file",
        "b",
      ],
      "at most one of --token-env and --token-file",
    ],
    ["an unknown flag", ["fetch", "--audiense", "x"], "--audience"],
    ["an unknown command", ["fecth"], "fetch"],
    ["nothing at all", [], "Usage"],
  ])("%s with exit code 2", async (_, args, words) => {
    const { code, stdout, stderr } = await world.cli.run(args, { env: world.jobs.github });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(words);
  });

  test.each([
    ["GitHub Actions", { GITHUB_ACTIONS: "true" }, "    id-token: write"],
    ["GitLab", { GITLAB_CI: "true" }, "    SVID_EXCHANGE_ID_TOKEN:"],
    ["Azure DevOps", { TF_BUILD: "True" }, "SYSTEM_ACCESSTOKEN: $(System.AccessToken)"],
    ["no CI", {}, "--token-env NAME"],
    ["CircleCI without its program", { CIRCLECI: "true", PATH: "/nowhere" }, "circleci"],
    ["a variable that is not there", { SVID: "x" }, "--token-env NAME"],
  ])("a job of %s without a token, with the lines that give it one", async (_, env, words) => {
    const { code, stdout, stderr } = await world.cli.run(fetchTo("-"), { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("[id_token_unavailable]");
  });

  test("what the exchange refuses, with this job's own claims and the page that says more", async () => {
    const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken({ ref_protected: "false" }) };
    const { code, stdout, stderr } = await world.cli.run(fetchTo("-"), { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("[policy_denied]");
    expect(stderr).toContain('FAIL gitlab-deploy: jwt.claim.ref_protected = "false"');
    expect(stderr).toContain("docs/reference/errors.md#policy_denied");
    expect(stderr).toMatch(/request_id \S{10,}/);
  });

  test("and prints a refusal as JSON on standard error with --json", async () => {
    const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() };
    const { stdout, stderr } = await world.cli.run(fetchTo("-", "--json", "--policy", "none-such"), { env });
    expect(stdout).toBe("");
    expect(JSON.parse(stderr).error).toMatchObject({ code: "policy_unknown" });
  });

  test("a GitLab token that was used, and says what that means in a job", async () => {
    const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken() };
    expect((await world.cli.run(fetchTo("-"), { env })).code).toBe(0);
    const { code, stderr } = await world.cli.run(fetchTo("-"), { env });
    expect(code).toBe(1);
    expect(stderr).toContain("[token_replayed]");
    expect(stderr).toContain("The ID token in the variable SVID_EXCHANGE_ID_TOKEN was exchanged before");
  });

  test("a folder that is not there", async () => {
    const { code, stderr } = await world.cli.run(fetchTo("no/such/folder/svid"), { env: world.jobs.github });
    expect(code).toBe(1);
    expect(stderr).toContain("(ENOENT)");
    expect(existsSync(join(world.cli.folder, "no"))).toBe(false);
  });

  test("a folder where the file should be, and leaves no temporary file beside it", async () => {
    const folder = join(world.cli.folder, "taken");
    mkdirSync(join(folder, "svid"), { recursive: true });
    const { code } = await world.cli.run(fetchTo("taken/svid"), { env: world.jobs.github });
    expect(code).toBe(1);
    expect(readdirSync(folder)).toEqual(["svid"]);
  });
});

describe("meets a network that fails", () => {
  test("a service that is no exchange, and one that redirects", async () => {
    const other = await createGateway(({ url }) =>
      new URL(url).pathname === "/r/token"
        ? new Response(null, { status: 302, headers: { location: "https://login.example/?token=1" } })
        : new Response("<html>", { status: 200 }),
    );
    const env = world.jobs.github;
    const [page, redirect] = await Promise.all([
      world.cli.run(["fetch", "--svid-file", "-", "--exchange-url", other.url], { env }),
      world.cli.run(["fetch", "--svid-file", "-", "--exchange-url", `${other.url}/r`], { env }),
    ]);
    await other.close();
    expect(page.stderr).toContain("[not_an_exchange]");
    expect(redirect.stderr).toContain("redirects to https://login.example/.");
  });

  test("an exchange that is down at first: a fresh ID token for each try", async () => {
    let asked = 0;
    const flaky = await createGateway(async (request) => {
      asked += 1;
      expect(request.headers.get("user-agent")).toMatch(/^svid-exchange-cli\/\d+\.\d+\.\d+$/);
      if (asked <= 2) return new Response("down", { status: asked === 1 ? 503 : 500 });
      return Response.json({ asked, host: request.url });
    });
    const before = world.tokens.asked().length;
    const { code, stderr } = await world.cli.run(["fetch", "--svid-file", "-", "--exchange-url", flaky.url], {
      env: world.jobs.github,
      time: "held",
    });
    await flaky.close();
    expect({ code, asked }).toEqual({ code: 1, asked: 3 });
    expect(stderr).toContain("[not_an_exchange]");
    expect(world.tokens.asked().slice(before)).toHaveLength(3);
  });

  test("a name without an address, and a port where nothing listens", async () => {
    const closed = await createGateway(() => new Response());
    await closed.close();
    const env = world.jobs.github;
    const [name, port] = await Promise.all([
      world.cli.run(["fetch", "--svid-file", "-", "--exchange-url", "https://svid.invalid"], {
        env,
        time: "held",
      }),
      world.cli.run(["fetch", "--svid-file", "-", "--exchange-url", closed.url], { env, time: "held" }),
    ]);
    expect(name.stderr).toContain("[unreachable_dns]");
    expect(port.stderr).toContain("[unreachable_refused]");
    expect(port.stderr).toMatch(/Tried \d+ times|Tried once/);
  });

  test("goes through the proxy that the environment names, and says where this Node cannot", async () => {
    const proxy = await createProxy(() => world.front.port);
    const nobody = await createGateway(() => new Response());
    await nobody.close();
    const flags = ["--exchange-url", nobody.url, "--token-audience", world.url, "--audience", AUDIENCE];
    const env = { SVID_EXCHANGE_ID_TOKEN: await world.gitlabToken(), HTTP_PROXY: proxy.url };
    const { code, stdout, stderr } = await world.cli.run(["fetch", "--svid-file", "-", ...flags], { env });
    proxy.close();
    expect({ code, stderr, asked: proxy.tunnels }).toEqual({
      code: 0,
      stderr: "",
      asked: [new URL(nobody.url).host],
    });
    expect(await subjectOf(stdout)).toContain("/gitlab/");

    const without = join(world.cli.folder, "old-node.mjs");
    writeFileSync(
      without,
      'import http from "node:http"; import { syncBuiltinESMExports } from "node:module"; delete http.setGlobalProxyFromEnv; syncBuiltinESMExports();',
    );
    const old = await world.cli.run(["fetch", "--svid-file", "-", ...flags], {
      env,
      time: "held",
      nodeArgs: ["--import", without],
    });
    expect(old.stderr).toContain("this version of Node does not use it");
  });
});
