import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER } from "../../../local/trust-document.ts";
import { exchangeForm } from "../../../shared/wire.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";

const VAULT = "https://vault.example.org";

let lab: Exchange;
beforeAll(async () => {
  lab = await startExchange({ main: "test/stage/lab-main.ts" });
  await (await send(await github())).text();
});
afterAll(() => lab.close());
beforeEach(() => lab.clearLogs());

const github = (overrides: Record<string, unknown> = {}) => lab.github.token(OUR_ISSUER, now(), overrides);
const send = (token: string, more: object = { audience: VAULT }, headers: Record<string, string> = {}) =>
  lab.post(exchangeForm({ subjectToken: token, ...more }), { "x-lab-faults": "none", ...headers });

/** The middle of a token, which is too long for a name. */
const claimsPart = (whole: string): string => whole.split(".")[1] ?? "";

/** The audit lines of all requests since the test began, once there are as many as expected. */
async function lines(count: number): Promise<Record<string, unknown>[]> {
  const read = () =>
    lab
      .logs()
      .filter((line) => line.startsWith('{"event":"exchange"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  await expect.poll(() => read().length, { timeout: 5_000 }).toBe(count);
  return read();
}

test("an allowed exchange leaves one line that names the run, the identity and the SVID", async () => {
  const token = await github();
  const response = await send(token);
  const { access_token: svid } = (await response.json()) as { access_token: string };
  const [header, claims] = svid.split(".").map((part) => Buffer.from(part, "base64url").toString());
  const { kid } = JSON.parse(header ?? "") as { kid: string };
  const { jti, exp, sub } = JSON.parse(claims ?? "") as {
    jti: string;
    exp: number;
    sub: string;
  };
  const { jti: subjectJti } = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

  const [line] = await lines(1);
  expect(line).toMatchObject({
    decision: "allowed",
    request_id: response.headers.get("x-request-id"),
    issuer_id: "github",
    issuer: "https://token.actions.githubusercontent.com",
    subject_jti: subjectJti,
    subject_sha256: createHash("sha256").update(token).digest("hex"),
    run: { repository: "brightfen/orders-api", repository_id: "1342205517", run_id: "19843377210" },
    policy: "github-deploy",
    spiffe_id: sub,
    audience: VAULT,
    svid_jti: jti,
    kid,
    expires: new Date(exp * 1000).toISOString().replace(".000", ""),
    config_version: expect.stringMatching(/^[0-9a-f]+$/),
    latency_ms: expect.any(Number),
    colo: expect.any(String),
  });
});

test("a dry run, a denial, a broken request and a failure of ours leave one line each", async () => {
  const answers = [
    await send(await github(), { audience: VAULT, dryRun: true }),
    await send(await github({ environment: "playground" })),
    await lab.post("grant_type=password"),
    await send(await github(), { audience: VAULT }, { "x-lab-faults": "replay" }),
  ];
  expect((await lines(4)).map(({ decision, code, request_id }) => [decision, code, request_id])).toEqual([
    ["dry_run", undefined, answers[0]?.headers.get("x-request-id")],
    ["denied", "policy_denied", answers[1]?.headers.get("x-request-id")],
    ["denied", "grant_type_unsupported", answers[2]?.headers.get("x-request-id")],
    ["failed", "replay_guard_unavailable", answers[3]?.headers.get("x-request-id")],
  ]);
});

test("what a stranger is not told is in the line: the policy that it asked for, and why that refused it", async () => {
  const target = await github({ repository_id: "1", event_name: "pull_request_target" });
  const other = await github({ repository_id: "1" });
  for (const [token, more] of [
    [target, {}],
    [other, { policy: "github-deploy" }],
    [other, { policy: "no-such-policy" }],
    [other, { policy: claimsPart(other) }],
  ] as const) {
    expect(await (await send(token, more)).json()).not.toHaveProperty("checks");
  }
  expect(await lines(4)).toMatchObject([
    {
      code: "policy_denied",
      cause: "guard_refused",
      reason: expect.stringContaining("anyone who opens a pull request"),
      checks: [{ policy: "guard:pull_request_target", value: "pull_request_target", pass: false }],
    },
    {
      code: "policy_denied",
      policy_asked: "github-deploy",
      reason: "The token does not meet the policy github-deploy.",
      checks: expect.arrayContaining([
        { policy: "github-deploy", attribute: "jwt.claim.repository_id", value: "1", pass: false },
      ]),
    },
    { code: "policy_denied", cause: "policy_unknown", policy_asked: "no-such-policy" },
    { code: "policy_denied", cause: "policy_unknown" },
  ]);
  expect(lab.logs().join("\n")).not.toContain(claimsPart(other).slice(0, 20));
});

test("claims of a token that does not verify are not in its line", async () => {
  const [header, claims, signature] = (
    await github({ repository: "brightfen/forged", run_id: "forged-run" })
  ).split(".");
  await send(`${header}.${claims}.${signature?.replace(/^..../, "AAAA")}`);
  const [line] = await lines(1);
  expect(line).toMatchObject({ decision: "denied", code: "signature_invalid", issuer_id: "github" });
  expect(JSON.stringify(line)).not.toMatch(/forged/);
  expect(Object.keys(line ?? {})).not.toEqual(expect.arrayContaining(["subject"]));
});

test("an issuer whose keys cannot be read is named, with the reason", async () => {
  lab.setOutbound((request) =>
    request.url.startsWith("https://gitlab.com") ? new Response("", { status: 502 }) : undefined,
  );
  const refused = await send(
    await lab.gitlab.token(OUR_ISSUER, now()),
    { audience: VAULT },
    { "x-lab-isolate": "cold" },
  );
  expect(await refused.text()).not.toMatch(/502|status|discovery|gitlab/);
  expect(await lines(1)).toMatchObject([
    {
      issuer_id: "gitlab",
      code: "issuer_keys_unavailable",
      reason:
        "The keys of the issuer gitlab could not be read: the discovery document answered with status 502.",
    },
  ]);
  const reports = lab.logs().filter((line) => line.includes('"event":"issuer_keys"'));
  expect(reports.map((line) => JSON.parse(line))).toEqual([
    { event: "issuer_keys", issuer_id: "gitlab", failure: "the discovery document answered with status 502" },
  ]);
});
