import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../local/clock.ts";
import { OUR_ISSUER, policyOf, type TrustDocument } from "../../local/trust-document.ts";
import { exchangeForm } from "../../shared/wire.ts";
import { type Exchange, startExchange } from "../stage/exchange.ts";
import { VAULT } from "./issuers.ts";

/** What no answer to a stranger may hold: names, attributes and values of policies that are not its own. */
const SECRETS = {
  policies: 40,
  environment: "prod-eu-7",
  audience: "https://ledger.internal.example",
} as const;
const NAMES = Array.from({ length: SECRETS.policies }, (_, n) => `secret-policy-${n}`);
/** Whose policies they are. */
const TENANT = { repository_owner_id: "700", repository_id: "701", repository: "acme/api" };

let lab: Exchange;
beforeAll(async () => {
  lab = await startExchange({ trust: withSecretPolicies, rates: { REFUSAL_LIMIT: 100_000 } });
});
afterAll(() => lab.close());

function withSecretPolicies(document: TrustDocument): TrustDocument {
  const policies = NAMES.map((name, n) => ({
    ...policyOf(document, "github-deploy"),
    name,
    match: {
      "jwt.claim.repository_owner_id": TENANT.repository_owner_id,
      "jwt.claim.repository_id": TENANT.repository_id,
      "jwt.claim.environment": n % 2 === 0 ? SECRETS.environment : "staging",
      "jwt.claim.ref": `refs/heads/release/${n}`,
    },
    spiffeId: `spiffe://{{ trustDomain }}/${name}/{{ jwt.claim.repository_id }}`,
    audiences: [SECRETS.audience],
  }));
  return { ...document, policies: [...document.policies, ...policies] };
}

/** All that tells one answer from another. */
async function bytesOf(response: Response): Promise<string> {
  const id = response.headers.get("x-request-id") ?? "";
  const text = await response.text();
  expect(text.split(id)).toHaveLength(2);
  const headers = [...response.headers].filter(([name]) => !["x-request-id", "date"].includes(name));
  return JSON.stringify([response.status, headers, text.replace(id, "ID")]);
}

const ask = async (token: string, asked: object = {}): Promise<string> =>
  bytesOf(await lab.post(exchangeForm({ subjectToken: token, ...asked })));

const STRANGER = { repository_id: "901", repository_owner_id: "900", repository: "mallory/x" };
const stranger = (claims: Record<string, unknown> = {}) =>
  lab.github.token(OUR_ISSUER, now(), { ...STRANGER, ...claims });

/** What a stranger may try, right guesses among it. */
const DICTIONARY = {
  policy: [
    ...NAMES,
    "github-deploy",
    "gitlab-deploy",
    ...Array.from({ length: 60 }, (_, n) => `deploy-${n}`),
  ],
  audience: [SECRETS.audience, VAULT, "api://AzureADTokenExchange", "https://elsewhere.example"],
  environment: [SECRETS.environment, "production", "staging", "prod", undefined],
  ref: ["refs/heads/release/1", "refs/heads/main", "refs/tags/v1", ""],
  event_name: ["push", "pull_request_target", "workflow_run", "issue_comment", "star"],
  repository: ["acme/api", "acme/other", "brightfen/orders-api"],
  sub: ["repo:acme/api:environment:prod-eu-7", "repo:acme@700/api@701:ref:refs/heads/main"],
} as const;

describe("a stranger with a dictionary", () => {
  test("gets the same bytes for five hundred questions of one token, and learns nothing", async () => {
    const token = await stranger({ environment: SECRETS.environment, ref: "refs/heads/release/0" });
    const answers = new Map<string, number>();
    for (const policy of [undefined, ...DICTIONARY.policy]) {
      const questions = [undefined, ...DICTIONARY.audience].map((audience) =>
        ask(token, { ...(policy && { policy }), ...(audience && { audience }), dryRun: audience === VAULT }),
      );
      for (const answer of await Promise.all(questions)) answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
    expect([...answers.values()]).toEqual([515]);
    const [answer = ""] = answers.keys();
    expect(answer).toContain('\\"code\\":\\"policy_denied\\"');
    expect(answer).not.toMatch(/secret-policy|prod-eu|ledger|jwt\.claim|\\"checks\\"|config_version/);
  });

  test("gets the same bytes for tokens of every guess", async () => {
    const { environment: environments, ref: refs, event_name: events, repository, sub } = DICTIONARY;
    const guesses: Record<string, unknown>[] = [
      ...environments.flatMap((environment) =>
        refs.flatMap((ref) => events.map((event_name) => ({ environment, ref, event_name }))),
      ),
      ...repository.map((name) => ({ repository: name })),
      ...sub.map((text) => ({ sub: text })),
      { repository_owner_id: TENANT.repository_owner_id },
      { repository_id: TENANT.repository_id },
    ];
    const answers = await Promise.all(
      guesses.map(async (claims) => ask(await stranger(claims), { policy: NAMES[0] })),
    );
    const fork = { project_id: "1", project_path: "mallory/billing", namespace_id: "2" };
    answers.push(await ask(await lab.gitlab.token(OUR_ISSUER, now(), fork)));
    expect([answers.length, new Set(answers).size]).toEqual([108, 1]);
  });

  test("leaves the operator a line for each question that says what it was after", async () => {
    lab.clearLogs();
    const response = await lab.post(
      exchangeForm({
        subjectToken: await stranger({ environment: SECRETS.environment }),
        policy: NAMES[0] ?? "",
      }),
    );
    const id = response.headers.get("x-request-id");
    const line = () => lab.logs().find((each) => each.includes(String(id))) ?? "{}";
    await expect
      .poll(() => JSON.parse(line()))
      .toMatchObject({
        code: "policy_denied",
        reason: `The token does not meet the policy ${NAMES[0]}.`,
        policy_asked: NAMES[0],
        run: { repository: "mallory/x" },
        checks: expect.arrayContaining([
          { policy: NAMES[0], attribute: "jwt.claim.environment", value: SECRETS.environment, pass: true },
        ]),
      });
  });
});

describe("a tenant", () => {
  const tenant = (claims: Record<string, unknown> = {}) =>
    lab.github.token(OUR_ISSUER, now(), { ...TENANT, environment: SECRETS.environment, ...claims });
  const told = async (token: string, asked: object = {}) =>
    (await lab.post(exchangeForm({ subjectToken: token, ...asked }))).json();

  test("is told its nearest misses, each attribute with its own value", async () => {
    const body = await told(await tenant({ ref: "refs/heads/dev" }), { policy: NAMES[2] });
    expect(body).toMatchObject({
      code: "policy_denied",
      error_description: expect.stringContaining(String(NAMES[2])),
      checks: [
        { attribute: "jwt.claim.repository_owner_id", value: "700", pass: true },
        { attribute: "jwt.claim.repository_id", value: "701", pass: true },
        { attribute: "jwt.claim.environment", value: SECRETS.environment, pass: true },
        { attribute: "jwt.claim.ref", value: "refs/heads/dev", pass: false },
      ],
    });
    const open = (await told(await tenant({ ref: "refs/heads/dev" }))) as { checks: { policy: string }[] };
    expect(new Set(open.checks.map(({ policy }) => policy)).size).toBe(3);
  });

  test.each<[string, Record<string, unknown>, object, string]>([
    ["a guard", { event_name: "issue_comment", ref: "refs/heads/release/0" }, {}, "guard_refused"],
    ["an audience", { ref: "refs/heads/release/0" }, { audience: VAULT }, "audience_refused"],
    ["a name that is nobody's", {}, { policy: "deploy-1" }, "policy_unknown"],
  ])("is told of %s", async (_, claims, asked, code) => {
    expect(await told(await tenant(claims), asked)).toMatchObject({ code });
  });

  test("learns no more of others' policies than of none", async () => {
    const token = await tenant();
    const others = await ask(token, { policy: "github-deploy" });
    expect(others).toBe(await ask(token, { policy: "deploy-1" }));
  });
});

describe("whoever has no token that holds", () => {
  const CONFIGURED = /"github"|"gitlab"|issuer github|issuer gitlab|RS256|status|discovery|\b50\d\b/;

  test.each<[string, (token: readonly string[]) => string, string]>([
    [
      "another algorithm",
      ([, claims, signature]) => `${header({ alg: "ES256" })}.${claims}.${signature}`,
      "token_algorithm_refused",
    ],
    [
      "an unknown kid",
      ([, claims, signature]) => `${header({ kid: "k" })}.${claims}.${signature}`,
      "signing_key_unknown",
    ],
    ["another signature", ([head, claims]) => `${head}.${claims}.${"A".repeat(342)}`, "signature_invalid"],
  ])(
    "with %s is told its own fault, and nothing of how the issuer is configured",
    async (_, change, code) => {
      for (const issuer of [lab.github, lab.gitlab]) {
        const token = await issuer.token(OUR_ISSUER, now());
        const answer = await ask(change(token.split(".")));
        expect(answer).toContain(`\\"code\\":\\"${code}\\"`);
        expect(answer).not.toMatch(CONFIGURED);
      }
    },
  );

  test("is not told what an issuer's key endpoint did", async () => {
    await lab.reset();
    lab.setOutbound(() => new Response("down", { status: 503 }));
    const answers = [await ask(await lab.gitlab.token(OUR_ISSUER, now()))];
    lab.setOutbound(() => Response.json({ issuer: "https://evil.example" }));
    answers.push(await ask(await lab.github.token(OUR_ISSUER, now())));
    lab.setOutbound(() => undefined);
    const texts = answers.map((answer) => (JSON.parse(answer) as string[])[2]);
    expect(new Set(texts).size).toBe(1);
    expect(texts[0]).toContain("issuer_keys_unavailable");
    expect(texts[0]).not.toMatch(CONFIGURED);
  });

  test("learns from /healthz neither issuers nor policies", async () => {
    const text = await (await lab.fetch("/healthz")).text();
    expect(text).not.toMatch(/github|gitlab|secret-policy|ledger/);
  });
});

function header(change: object): string {
  const whole = { alg: "RS256", kid: lab.github.key.kid, typ: "JWT", ...change };
  return Buffer.from(JSON.stringify(whole)).toString("base64url");
}
