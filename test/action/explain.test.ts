import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type ActionFailure, explain } from "../../action/explain.ts";
import type { Facts } from "../../action/explanation.ts";
import { readInputs } from "../../action/inputs.ts";
import type { NetworkCause } from "../../shared/client/network.ts";
import { parseMinted } from "../../shared/client/response.ts";
import { processTokenResponse } from "../../shared/client/token-request.ts";
import type { MintedFailure } from "../../shared/client/verify-minted.ts";
import { DENIALS, type DenialCode, deny, EXCHANGE_DENIALS } from "../../shared/denial.ts";
import { SVID_REFUSAL_CODES } from "../../shared/verify/refusal.ts";
import { type ExchangeRefusal, errorBody } from "../../shared/wire.ts";

const given: Readonly<Record<string, string>> = {
  "exchange-url": "https://svid.example.org",
  audience: "https://vault.example.org",
  policy: "deploy",
};
const inputs = readInputs((name) => given[name] ?? "", "linux");
if (!inputs.ok) throw new Error("the inputs are good");

const FACTS: Facts = {
  job: { event: "push", restriction: "none", platform: "github" },
  inputs: inputs.value,
  claims: { iss: "https://ghe.example.org/_services/token", aud: "https://other.example.org" },
};

const refusal = (code?: DenialCode): ExchangeRefusal => ({
  status: 400,
  error: "invalid_request",
  description: "The exchange's own words.",
  requestId: "req-7",
  checks: [{ policy: "deploy", attribute: "jwt.claim.ref", value: "refs/heads/dev", pass: false }],
  ...(code === undefined ? {} : { code }),
});

const idToken = (
  failure: Extract<ActionFailure, { code: "no_subject_token" }>["failure"],
): ActionFailure => ({
  code: "no_subject_token",
  failure,
});

/** The headings of a page, as GitHub makes anchors of them. */
function sections(page: string): readonly string[] {
  return [...readFileSync(`docs/${page}`, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title.toLowerCase().replaceAll(" ", "-"),
  );
}

function expectSection(page: string): void {
  const [file = "", anchor = ""] = page.split("#");
  expect(sections(file)).toContain(anchor);
}

describe("every refusal", () => {
  test.each(Object.keys(DENIALS) as DenialCode[])(
    "%s has its words, its request, its checks and its section",
    (code) => {
      const explained = explain({ code: "refused", refusal: refusal(code) }, FACTS);
      expect(explained).toMatchObject({
        code,
        title: `The exchange refused: ${code}`,
        page: `reference/errors.md#${code}`,
      });
      expect(explained.text).toEqual(expect.arrayContaining(["The exchange's own words.", "Request: req-7"]));
      expect(explained.checks).toHaveLength(1);
      expectSection(explained.page);
    },
  );

  test.each(Object.keys(EXCHANGE_DENIALS) as DenialCode[])(
    "%s comes with its hint from the response of the exchange, and is tried again where it may pass",
    async (code) => {
      const response = Response.json(errorBody(deny(code, "It is so."), "req-9"), DENIALS[code]);
      const processed = await processTokenResponse(response, parseMinted, 0);
      if (processed.ok) throw new Error("a denial is no success");
      const { failure, retryable } = processed.error;
      expect(retryable).toBe(DENIALS[code].retryable);
      const { text } = explain(failure, FACTS);
      expect(text.join("\n")).toContain(DENIALS[code].hint.replaceAll('"', "'"));
    },
  );

  test.each<[DenialCode | undefined, string]>([
    ["token_audience_mismatch", '"https://other.example.org"'],
    ["issuer_not_allowed", '"https://ghe.example.org/_services/token"'],
    ["guard_refused", '"push"'],
    ["policy_unknown", '"deploy"'],
    ["audience_refused", '"https://vault.example.org"'],
    ["not_found", "https://svid.example.org/token"],
    [undefined, "newer"],
  ])("%s says what only the job knows: %s", (code, word) => {
    const { text } = explain({ code: "refused", refusal: refusal(code) }, FACTS);
    expect(text.join("\n")).toContain(word);
  });
});

describe("every failure of the action's own", () => {
  const failures: readonly [string, ActionFailure, string][] = [
    [
      "inputs",
      { code: "input_invalid", problems: [{ input: "timeout", problem: "is odd" }] },
      "Input timeout is odd.",
    ],
    ["an unknown code", { code: "refused", refusal: refusal() }, "newer"],
    ["no exchange", { code: "not_an_exchange", status: 404 }, "https://svid.example.org/token"],
    [
      "a redirect",
      { code: "redirected", status: 302, location: "https://login.example/" },
      "https://login.example/",
    ],
    ["a redirect nowhere", { code: "redirected", status: 302 }, "another place"],
    ["no permission", idToken({ code: "id_token_not_offered" }), "caller"],
    ["a refused ID token", idToken({ code: "id_token_refused", status: 403 }), "six hours"],
    ["a token service in trouble", idToken({ code: "id_token_refused", status: 503 }), "trouble"],
    ["no ID token in the answer", idToken({ code: "id_token_malformed" }), "holds no token"],
    ["no way to the token service", idToken({ code: "id_token_unreachable", cause: "dns" }), "self-hosted"],
    [
      "an SVID of another audience",
      { code: "svid_not_verified", failure: { code: "claim_aud", what: "is for another audience" } },
      "The SVID is for another audience. (claim_aud)",
    ],
    [
      "an exchange that calls itself otherwise",
      {
        code: "svid_not_verified",
        failure: { code: "issuer_differs", url: "https://x.example/y", what: "names another issuer" },
      },
      "https://x.example/y names another issuer. (issuer_differs)\nSet exchange-url to the issuer",
    ],
    [
      "published keys that are out of reach",
      {
        code: "svid_not_verified",
        failure: {
          code: "keys_unreadable",
          url: "https://x.example/jwks",
          what: "could not be reached",
          thrown: Object.assign(new Error(), { code: "ECONNREFUSED" }),
        },
      },
      "https://x.example/jwks could not be read: the connection was refused (ECONNREFUSED). (keys_unreadable)",
    ],
    [
      "keys that the Workload API needs",
      { code: "exchange_keys_unread", message: "It is a page.", advice: "Check the address." },
      "It is a page.\nCheck the address.\nThe exchange is https://svid.example.org.",
    ],
    [
      "a socket that another server has",
      { code: "address_unusable", address: "/tmp/api.sock", errno: "EADDRINUSE" },
      "/tmp/api.sock (EADDRINUSE)\nAnother server listens there",
    ],
    [
      "a folder that the job may not write to",
      { code: "address_unusable", address: "/var/api.sock", errno: "EACCES" },
      "in a folder that the job may write to",
    ],
    [
      "a background process that ended",
      { code: "background_not_ready", how: "it ended (SIGKILL)", log: ["2026-11-25T10:00:00Z A line."] },
      "It is not ready because it ended (SIGKILL). Its log:\n2026-11-25T10:00:00Z A line.",
    ],
    [
      "a background process that wrote nothing",
      { code: "background_not_ready", how: "it ended (exit code 1)", log: [] },
      "Its log:\n(it is empty)",
    ],
  ];

  test.each(failures)("%s", (_, failure, word) => {
    const explained = explain(failure, FACTS);
    expect(explained.title).toMatch(/^[^\n]{10,120}$/);
    expect([explained.title, ...explained.text].join("\n")).toContain(word);
    expectSection(explained.page);
  });

  test("each reason for which an SVID is not verified is on the page", () => {
    const page = readFileSync("docs/reference/action.md", "utf8").split("### svid_not_verified")[1] ?? "";
    const listed = [...page.matchAll(/^\| (`.*?`) \|/gm)].flatMap(
      ([, cell = ""]) => cell.match(/[a-z_]+/g) ?? [],
    );
    const others: readonly MintedFailure["code"][] = [
      "metadata_unreadable",
      "issuer_differs",
      "keys_unreadable",
      "svid_differs",
    ];
    expect(listed.sort()).toEqual([...SVID_REFUSAL_CODES, ...others].sort());
  });

  test.each<NetworkCause>(["dns", "tls", "refused", "reset", "timeout", "proxy", "other"])(
    "an exchange that is out of reach: %s",
    (cause) => {
      const explained = explain({ code: "unreachable", cause, errno: "ECODE" }, FACTS);
      expect(explained.title).toBe(`The exchange could not be reached (${cause}, ECODE)`);
      expectSection(explained.page);
    },
  );

  test.each(["fork", "dependabot"] as const)("a run of a %s", (restriction) => {
    const job = { ...FACTS.job, restriction };
    const explained = explain(idToken({ code: "id_token_not_offered" }), { ...FACTS, job });
    expect(explained.code).toBe(`id_token_${restriction}`);
    expect(explained.yaml?.[0]).toMatch(/^if: github\./);
    expectSection(explained.page);
  });

  test("Forgejo's own switch", () => {
    const job = { ...FACTS.job, platform: "forgejo" as const };
    const explained = explain(idToken({ code: "id_token_not_offered" }), { ...FACTS, job });
    expect(explained.yaml).toContain("    enable-openid-connect: true");
  });

  test("that only time ended says what it was, and how often it was tried", () => {
    const last = { code: "unreachable", cause: "reset" } as const;
    const explained = explain({ code: "deadline_exceeded", attempts: 7, last }, FACTS);
    expect(explained.code).toBe("exchange_unreachable");
    expect(explained.text.at(-1)).toBe("The action ended after 7 attempts in 60 s (input timeout).");
  });
});
