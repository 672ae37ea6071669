import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER, type TrustDocument } from "../../../local/trust-document.ts";
import { type DenialCode, denialRow, EXCHANGE_DENIALS } from "../../../shared/denial.ts";
import { exchangeForm } from "../../../shared/wire.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";

const VAULT = "https://vault.example.org";
/** Stands where a policy has a value that the caller must never learn. */
const SECRET_EXPECTATION = "expected-by-the-policy-alone";

/** Enough for all rows but that of `rate_limited`, which come from one address. */
const RATES = { REFUSAL_LIMIT: 100 };

let lab: Exchange;
let isolates = 0;

beforeAll(async () => {
  lab = await startExchange({ main: "test/stage/lab-main.ts", trust: withFailingPolicies, rates: RATES });
});
afterAll(() => lab.close());
beforeEach(async () => {
  lab.setOutbound(() => undefined);
  await lab.fetch("/healthz", {
    headers: { "x-lab-faults": "none", "x-lab-now": "real", "x-lab-isolate": "warm" },
  });
  lab.clearLogs();
});

function withFailingPolicies(document: TrustDocument): TrustDocument {
  const pinned = { "jwt.claim.repository_owner_id": "214907733", "jwt.claim.repository_id": "777" };
  const spiffeId =
    "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository_id }}/{{ jwt.claim.environment }}";
  const policy = (name: string, match: object, more: object = {}) => ({
    name,
    issuer: "github",
    match: { ...pinned, ...match },
    spiffeId,
    audiences: [VAULT],
    ...more,
  });
  return {
    ...document,
    policies: [
      ...document.policies,
      policy("twin-a", { "jwt.claim.environment": "twins" }),
      policy("twin-b", { "jwt.claim.environment": "twins" }),
      policy("any-name", { "jwt.claim.environment": { glob: "**" }, "jwt.claim.run_number": "1" }),
      policy("secretive", {
        "jwt.claim.environment": SECRET_EXPECTATION,
        "jwt.claim.ref": { glob: `${SECRET_EXPECTATION}/*` },
      }),
    ],
  };
}

/** How each denial comes about: the subject token that was sent, if any, and the answer. */
type Row = () => Promise<{ token?: string; response: Response }>;

const github = (overrides: Record<string, unknown> = {}, audience: string = OUR_ISSUER) =>
  lab.github.token(audience, now(), overrides);
const dead = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln";

const send = async (
  token: string,
  more: object = { audience: VAULT },
  headers: Record<string, string> = {},
) => {
  const form = exchangeForm({ subjectToken: token, ...more });
  return { token, response: await lab.post(form, headers) };
};
const sendForm = async (edit: (form: URLSearchParams) => void, headers: Record<string, string> = {}) => {
  const form = exchangeForm({ subjectToken: dead });
  edit(form);
  return { token: dead, response: await lab.post(form, headers) };
};
const coldIsolate = () => ({ "x-lab-isolate": `cold-${isolates++}` });
const signed = async (header: Record<string, unknown>) =>
  lab.github.key.sign(lab.github.claims(OUR_ISSUER, now()), header);

const ROWS: Readonly<Record<keyof typeof EXCHANGE_DENIALS, Row>> = {
  not_found: async () => ({ response: await lab.fetch("/nothing/here") }),
  method_not_allowed: async () => ({ response: await lab.fetch("/token") }),
  content_type_refused: () => sendForm(() => {}, { "content-type": "application/json" }),
  body_too_large: () => sendForm((form) => form.set("x", "y".repeat(33 * 1024))),
  body_malformed: async () => ({ response: await lab.post("subject_token=%ff") }),
  parameter_in_query: async () => {
    const token = await github();
    const url = `/token?${exchangeForm({ subjectToken: token })}`;
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return { token, response: await lab.fetch(url, { method: "POST", headers, body: "" }) };
  },
  client_authentication_unsupported: () => sendForm(() => {}, { authorization: "Basic Y2k6aHVudGVyMg==" }),
  proof_of_possession_unsupported: async () => send(await github({ cnf: { jkt: "x" } })),
  parameter_missing: () => sendForm((form) => form.delete("subject_token")),
  parameter_duplicated: () => sendForm((form) => form.append("subject_token", "x")),
  parameter_invalid: () => sendForm((form) => form.set("dry_run", "perhaps")),
  grant_type_unsupported: () => sendForm((form) => form.set("grant_type", "password")),
  subject_token_type_unsupported: () => sendForm((form) => form.set("subject_token_type", "urn:x")),
  requested_token_type_unsupported: () => sendForm((form) => form.set("requested_token_type", "urn:x")),
  actor_token_unsupported: () => sendForm((form) => form.set("actor_token", "x")),
  scope_unsupported: () => sendForm((form) => form.set("scope", "openid")),
  audience_required: async () => send(await github(), {}),
  audience_refused: async () => send(await github(), { audience: "https://elsewhere.example.org" }),
  audience_multiple: () =>
    sendForm((form) => ["a", "b"].map((audience) => form.append("audience", audience))),
  token_too_large: () => send(`${dead}${"A".repeat(17 * 1024)}`),
  token_malformed: () => send("not.a-token"),
  token_header_refused: async () => send(await signed({ jku: "https://evil.example/keys" })),
  token_algorithm_refused: async () => {
    const [, payload, signature] = (await github()).split(".");
    const header = Buffer.from(JSON.stringify({ alg: "HS256", kid: lab.github.key.kid })).toString(
      "base64url",
    );
    return send(`${header}.${payload}.${signature}`);
  },
  issuer_not_allowed: async () =>
    send(await github({ iss: "https://token.actions.githubusercontent.com/evil" })),
  signing_key_unknown: async () => send(await signed({ kid: "unknown-kid-of-nobody" })),
  issuer_keys_unavailable: async () => {
    await (await lab.kv()).delete("upstream/github");
    lab.setOutbound(() => new Response("down", { status: 500 }));
    const fresh = await lab.gitlab.token(OUR_ISSUER, now());
    return send(fresh, { audience: VAULT }, coldIsolate());
  },
  signature_invalid: async () => {
    const token = await github();
    return send(`${token.slice(0, -12)}AAAAAAAAAAAA`);
  },
  token_audience_mismatch: async () => send(await github({}, "https://another-exchange.example.org")),
  token_expired: async () => send(await github({ iat: now() - 1000, exp: now() - 700, nbf: now() - 1600 })),
  token_not_yet_valid: async () => send(await github({ nbf: now() + 600 })),
  token_lifetime_exceeded: async () => send(await github({ exp: now() + 400 * 24 * 3600 })),
  token_claim_missing: async () => send(await github({ repository_id: undefined })),
  token_claim_invalid: async () => send(await github({ exp: String(now() + 300) })),
  guard_refused: async () => send(await github({ event_name: "pull_request_target" })),
  policy_unknown: async () => send(await github(), { audience: VAULT, policy: "no-such-policy" }),
  policy_denied: async () => send(await github({ environment: "playground" })),
  ambiguous_policy: async () => send(await github({ repository_id: "777", environment: "twins" })),
  identity_refused: async () =>
    send(await github({ repository_id: "777", environment: "a b/c", run_number: "1" })),
  token_replayed: async () => {
    const token = await github();
    expect((await send(token)).response.status).toBe(200);
    return send(token);
  },
  rate_limited: async () => {
    const headers = { "cf-connecting-ip": "203.0.113.9" };
    for (let refusal = 0; refusal < RATES.REFUSAL_LIMIT; refusal++) {
      expect((await send("not.a-token", {}, headers)).response.status).toBe(400);
    }
    return send("not.a-token", {}, headers);
  },
  not_configured: async () => {
    const kv = await lab.kv();
    const [trust, lastGood] = [await kv.get("trust"), await kv.get("trust/last-good")];
    await Promise.all([kv.delete("trust"), kv.delete("trust/last-good")]);
    const refused = await send(await github(), {}, coldIsolate());
    await kv.put("trust", trust ?? "");
    if (lastGood !== null) await kv.put("trust/last-good", lastGood);
    return refused;
  },
  trust_document_unavailable: async () =>
    send(await github(), {}, { ...coldIsolate(), "x-lab-faults": "kv-get" }),
  signing_keys_unavailable: async () => {
    const kv = await lab.kv();
    const ring = await kv.get("ring");
    await kv.delete("ring");
    const refused = await send(
      await github(),
      { audience: VAULT },
      { ...coldIsolate(), "x-lab-faults": "keys" },
    );
    if (ring !== null) await kv.put("ring", ring);
    return refused;
  },
  replay_guard_unavailable: async () =>
    send(await github(), { audience: VAULT }, { "x-lab-faults": "replay" }),
  internal_error: async () => send(await github(), {}, { ...coldIsolate(), "x-lab-faults": "env" }),
};

describe.each(Object.entries(ROWS))("%s", (code, row) => {
  test("is answered as the table says, and nothing leaks", async () => {
    const { token = dead, response } = await row();
    const text = await response.text();
    const body = JSON.parse(text);
    const expected = denialRow(code as DenialCode);
    expect([body.code, body.error, response.status], text).toEqual([code, expected.error, expected.status]);
    expect(body.error_description).toContain(expected.hint.replaceAll('"', "'"));
    expect(body.request_id).toBe(response.headers.get("x-request-id"));
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("pragma")).toBe("no-cache");
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    if (expected.status === 405) expect(response.headers.get("allow")).toBe("POST");
    if (expected.status === 429 || expected.status === 503) {
      expect(response.headers.get("retry-after")).toMatch(/^[1-9]\d*$/);
    }
    const everything = [text, JSON.stringify([...response.headers]), ...lab.logs()].join("\n");
    for (const part of piecesOf(token)) expect(everything).not.toContain(part);
    expect(everything).not.toContain(SECRET_EXPECTATION);
  });
});

test("the search for leaks finds what it looks for", async () => {
  const token = await github();
  expect(piecesOf(token).length).toBeGreaterThan(3);
  expect(piecesOf(token).every((piece) => token.includes(piece))).toBe(true);
});

test("checks show the caller its own values, never what the policy expects", async () => {
  const { response } = await send(await github({ repository_id: "777", environment: "playground" }));
  const { checks } = (await response.json()) as { checks: Record<string, unknown>[] };
  expect(checks.length).toBeGreaterThan(0);
  expect(checks).toContainEqual(
    expect.objectContaining({ attribute: "jwt.claim.environment", value: "playground", pass: false }),
  );
  expect(new Set(checks.map(({ policy }) => policy)).size).toBeLessThanOrEqual(3);
  expect(JSON.stringify(checks)).not.toContain(SECRET_EXPECTATION);
});

test("before the signature is verified there are no checks", async () => {
  const [header, payload] = (await github({ environment: "playground" })).split(".");
  const { response } = await send(`${header}.${payload}.${"A".repeat(342)}`);
  expect(await response.json()).not.toHaveProperty("checks");
});

test("every code of the exchange has its row", () => {
  expect(Object.keys(ROWS).sort()).toEqual(Object.keys(EXCHANGE_DENIALS).sort());
});

/** Pieces of a token that are long enough to be nothing else. */
function piecesOf(token: string): string[] {
  return token.split(".").flatMap((part) => part.match(/.{16,24}/g) ?? []);
}
