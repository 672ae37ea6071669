import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { policyOf } from "../../local/trust-document.ts";
import { DENIALS, type DenialCode, deny, EXCHANGE_DENIALS } from "../../shared/denial.ts";
import { errorBody } from "../../shared/wire.ts";
import { createGateway, type Gateway } from "../stage/gateway.ts";
import type { Step } from "../stage/runner.ts";
import { startWorld, tokenVariables, type World } from "../stage/world.ts";
import { expectNoTokenIn } from "./secrecy.ts";

const VAULT = "https://vault.example.org";
const ACTION_PAGE = "https://github.com/svid-exchange/svid-exchange/blob/v1/docs/reference/action.md";
const ERRORS_PAGE = "https://github.com/svid-exchange/svid-exchange/blob/v1/docs/reference/errors.md";

let world: World;
beforeAll(async () => {
  world = await startWorld({
    trust: (document) => {
      const github = policyOf(document, "github-deploy");
      const match = { ...github.match, "jwt.claim.ref": "refs/heads/twin" };
      return { ...document, policies: [...document.policies, { ...github, name: "twin", match }] };
    },
  });
});
afterAll(() => world.close());

/** The one annotation of a failed step, as the runner reads it. */
function annotation(step: Step): { title: string; text: string } {
  const errors = [...step.stdout.matchAll(/^::error title=(.*?)::(.*)$/gm)];
  expect(errors).toHaveLength(1);
  const [, title = "", text = ""] = errors[0] ?? [];
  const decode = (data: string): string =>
    data
      .replaceAll("%0A", "\n")
      .replaceAll("%0D", "\r")
      .replaceAll("%3A", ":")
      .replaceAll("%2C", ",")
      .replaceAll("%25", "%");
  return { title: decode(title), text: decode(text) };
}

function expectFailure(step: Step, link: string): { title: string; text: string } {
  expect(step).toMatchObject({ code: 1, stderr: "", outputs: {}, exported: {} });
  expectNoTokenIn(step);
  const said = annotation(step);
  expect(said.text.split("\n").at(-1)).toBe(`More: ${link}`);
  expect(step.summary).toContain(`<a href="${link}">`);
  return said;
}

describe("a job that the runner gives no ID token", () => {
  const without = { ACTIONS_ID_TOKEN_REQUEST_URL: "", ACTIONS_ID_TOKEN_REQUEST_TOKEN: "" };
  const pullRequest = (head: number, login = "mira-okafor") => ({
    pull_request: { number: 7, user: { login }, head: { repo: { id: head } }, base: { repo: { id: 1 } } },
  });

  test("for want of permission is shown the lines to add, and those of a caller", async () => {
    const step = await world.job(without).step({ inputs: { "exchange-url": world.url } });
    const { title, text } = expectFailure(step, `${ACTION_PAGE}#id_token_not_offered`);
    expect(title).toContain("id-token: write is missing");
    expect(text).toContain("permissions:\n  contents: read\n  id-token: write\n");
    expect(text).toContain("    uses: ./.github/workflows/deploy.yml");
    expect(step.summary).toContain(
      '<pre lang="yaml"><code>permissions:\n  contents: read\n  id-token: write\n',
    );
  });

  test.each<[string, Record<string, string>, unknown, string, string]>([
    ["a fork", { GITHUB_EVENT_NAME: "pull_request" }, pullRequest(2), "id_token_fork", "from a fork"],
    ["Dependabot", { GITHUB_ACTOR: "dependabot[bot]" }, {}, "id_token_dependabot", "Dependabot"],
    [
      "Dependabot, started again by somebody",
      { GITHUB_EVENT_NAME: "pull_request" },
      pullRequest(1, "dependabot[bot]"),
      "id_token_dependabot",
      "Dependabot",
    ],
    ["Forgejo", { FORGEJO_ACTIONS: "true" }, {}, "id_token_not_offered", "enable-openid-connect"],
  ])("because of %s", async (_, env, event, code, word) => {
    const step = await world
      .job({ ...without, ...env }, event)
      .step({ inputs: { "exchange-url": world.url } });
    expect(expectFailure(step, `${ACTION_PAGE}#${code}`).title).toContain(word);
  });

  test("because the runner's own permission has ended", async () => {
    const expired = { ACTIONS_ID_TOKEN_REQUEST_TOKEN: "expired" };
    const step = await world.job(expired).step({ inputs: { "exchange-url": world.url } });
    expect(expectFailure(step, `${ACTION_PAGE}#id_token_refused`).title).toContain("401");
  });
});

describe("an exchange-url that is wrong", () => {
  async function closedPort(): Promise<number> {
    const gateway = await createGateway(async () => new Response());
    await gateway.close();
    return gateway.port;
  }

  test.each<[string, () => Promise<string>, string, string]>([
    ["no host of that name", async () => "https://exchange.invalid", "exchange_unreachable", "(dns, "],
    [
      "nobody listening",
      async () => `http://127.0.0.1:${await closedPort()}`,
      "exchange_unreachable",
      "(refused, ",
    ],
    ["no path of an exchange's", async () => `${world.url}/elsewhere`, "not_found", "not_found"],
    ["plain http to a host", async () => "http://svid.example.org", "input_invalid", "inputs"],
  ])("%s", async (_, url, code, word) => {
    const step = await world.job().step({ inputs: { "exchange-url": await url() }, time: "held" });
    const page = code in DENIALS ? ERRORS_PAGE : ACTION_PAGE;
    expect(expectFailure(step, `${page}#${code}`).title).toContain(word);
  });

  test.each<["redirect" | "page", string, string]>([
    ["redirect", "exchange_redirected", "https://login.example.org/start."],
    ["page", "not_an_exchange", "openid-configuration"],
  ])("a %s", async (fault, code, word) => {
    const front = await world.openFront();
    front.faults.push(fault);
    const step = await world.job().step({ inputs: { "exchange-url": front.url } });
    expect(expectFailure(step, `${ACTION_PAGE}#${code}`).text).toContain(word);
  });

  test("silence", async () => {
    const job = world.job();
    const server = createServer(job.letTimePass);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const step = await job.step({
      inputs: { "exchange-url": `http://127.0.0.1:${port}`, timeout: "12s" },
      time: "held",
    });
    server.close();
    const { title, text } = expectFailure(step, `${ACTION_PAGE}#exchange_unreachable`);
    expect(title).toContain("(timeout)");
    expect(text).toContain("in 12 s (input timeout)");
  });
});

test("inputs that cannot be used are all named, and nothing is asked", async () => {
  world.tokens.seen.length = 0;
  const inputs = { "exchange-url": "", timeout: "soon", "export-env": "PATH" };
  const { text } = expectFailure(await world.job().step({ inputs }), `${ACTION_PAGE}#input_invalid`);
  for (const name of Object.keys(inputs)) expect(text).toContain(`Input ${name} `);
  expect(world.tokens.seen).toEqual([]);
});

describe("a refusal of the real exchange", () => {
  async function refused(
    claims: Record<string, unknown>,
    inputs: Record<string, string> = {},
  ): Promise<Step> {
    const tokens = await world.openTokens(claims);
    const job = world.job(tokenVariables(tokens.url, world.exchange.github.requestToken));
    return job.step({ inputs: { "exchange-url": world.url, audience: VAULT, ...inputs } });
  }

  test.each<[DenialCode, Record<string, unknown>, Record<string, string>, string]>([
    [
      "token_audience_mismatch",
      {},
      { "token-audience": "https://other.example.org" },
      '"https://other.example.org"',
    ],
    [
      "issuer_not_allowed",
      { iss: "https://ghes.example.org/_services/token" },
      {},
      '"https://ghes.example.org/_services/token"',
    ],
    ["policy_unknown", {}, { policy: "nope" }, '"nope"'],
    [
      "audience_refused",
      {},
      { audience: "https://elsewhere.example.org" },
      '"https://elsewhere.example.org"',
    ],
    ["audience_required", {}, { audience: "" }, "Set the input audience."],
    ["ambiguous_policy", { ref: "refs/heads/twin" }, {}, "Set the input policy."],
    ["token_expired", { iat: 1_700_000_000, exp: 1_700_000_300 }, {}, "fresh token"],
    ["guard_refused", { event_name: "pull_request_target" }, {}, "The event of the job is"],
  ])("%s says what to change", async (code, claims, inputs, word) => {
    const step = await refused(claims, inputs);
    const { title, text } = expectFailure(step, `${ERRORS_PAGE}#${code}`);
    expect(title).toBe(`The exchange refused: ${code}`);
    expect(text).toContain(word);
    expect(text).toContain("Request: ");
  });

  test("policy_denied shows the failed checks, and who the job is", async () => {
    const step = await refused({ ref: "refs/tags/v1", ref_type: "tag", environment: undefined });
    const { text } = expectFailure(step, `${ERRORS_PAGE}#policy_denied`);
    expect(text).toContain('- policy github-deploy: jwt.claim.ref is "refs/tags/v1"');
    expect(text).toContain("- policy github-deploy: jwt.claim.environment is absent");
    expect(text).not.toContain("jwt.claim.repository_id");
    expect(step.summary).toContain(
      "<tr><td><code>github-deploy</code></td><td><code>jwt.claim.ref</code></td><td><code>refs/tags/v1</code></td><td>❌ fails</td></tr>",
    );
    expect(step.summary).toContain(
      "<tr><td><code>github-deploy</code></td><td><code>jwt.claim.repository_id</code></td><td><code>1342205517</code></td><td>✅ holds</td></tr>",
    );
    expect(step.summary).toContain(
      "<tr><td><code>repository</code></td><td><code>brightfen/orders-api</code></td></tr>",
    );
    expect(step.summary).not.toContain("<code>jti</code>");
  });

  test("a claim that is written to be markup or a command is neither", async () => {
    const ref = "refs/heads/<img src=x onerror=alert(1)>\n::add-path::/tmp/evil\n\n# pwned @everyone";
    const step = await refused({ ref, ref_type: "tag" });
    expectFailure(step, `${ERRORS_PAGE}#policy_denied`);
    expect(step.stdout).not.toMatch(/^::add-path::/m);
    expect(step.summary).not.toContain("<img");
    expect(step.summary).not.toMatch(/^# pwned/m);
    expect(step.summary).toContain(
      "&lt;img src=x onerror=alert(1)&gt;\\u000a::add-path::/tmp/evil\\u000a\\u000a# pwned",
    );
  });

  test("is asked for once", async () => {
    world.front.seen.length = 0;
    await refused({ ref: "refs/tags/v1" });
    expect(world.front.seen).toHaveLength(1);
  });
});

describe.concurrent("a denial of each status", () => {
  const checks = [{ policy: "deploy", attribute: "jwt.claim.ref", value: "refs/heads/dev", pass: false }];
  const isCode = (name: string): name is DenialCode => Object.hasOwn(DENIALS, name);
  let exchange: Gateway;
  beforeAll(async () => {
    exchange = await createGateway(async (request) => {
      const [, code = ""] = new URL(request.url).pathname.split("/");
      if (!isCode(code)) throw new Error(`no such code: ${code}`);
      return Response.json(errorBody(deny(code, "It is so.", { checks }), "req-9"), DENIALS[code]);
    });
  });
  afterAll(() => exchange.close());

  /** The words of every code are tested without a process: explain.test.ts. */
  const codes = Object.keys(EXCHANGE_DENIALS) as DenialCode[];
  const oneOfEachStatus = Map.groupBy(codes, (code) => DENIALS[code].status).values();

  test.each([...oneOfEachStatus].map(([code = "not_found"]) => code))(
    "%s has its hint, its checks and its link",
    async (code) => {
      const step = await world
        .job()
        .step({ inputs: { "exchange-url": `${exchange.url}/${code}` }, time: "held" });
      const { text } = expectFailure(step, `${ERRORS_PAGE}#${code}`);
      expect(text).toContain(DENIALS[code].hint.replaceAll('"', "'"));
      expect(text).toContain("Request: req-9");
      expect(text).toContain('- policy deploy: jwt.claim.ref is "refs/heads/dev"');
      const asked = exchange.seen.filter(({ path }) => path === `/${code}/token`);
      expect(asked.length > 1).toBe(DENIALS[code].retryable);
    },
  );
});

test("an SVID of an exchange that calls itself otherwise reaches no step, where it is verified", async () => {
  const front = await world.openFront();
  const step = await world.job().step({
    inputs: { "exchange-url": front.url, "token-audience": world.url, audience: VAULT, verify: "true" },
  });
  const { text } = expectFailure(step, `${ACTION_PAGE}#svid_not_verified`);
  expect(text).toContain("(issuer_differs)");
  expect(step.state).toEqual({});
});
