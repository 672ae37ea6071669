import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseForm } from "../../../worker/http/form.ts";
import { readTokenRequest } from "../../../worker/http/token-request.ts";

const GOOD = {
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  subject_token: "h.p.s",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
};
type Parameters = Readonly<Record<string, string | readonly string[]>>;

function form(parameters: Parameters): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    [value].flat().map((each) => [name, each] as [string, string]),
  );
  return new URLSearchParams(pairs).toString();
}

function post(
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
  url = "https://x.example/token",
) {
  const type = { "content-type": "application/x-www-form-urlencoded" };
  return readTokenRequest(new Request(url, { method: "POST", body, headers: { ...type, ...headers } }));
}

describe("what a request may look like", () => {
  const ACCEPTED: Readonly<Record<string, [Parameters, Record<string, unknown>]>> = {
    "the required parameters": [GOOD, { subjectToken: "h.p.s", dryRun: false }],
    "a jwt as subject token type": [
      { ...GOOD, subject_token_type: "urn:ietf:params:oauth:token-type:jwt" },
      { subjectToken: "h.p.s", dryRun: false },
    ],
    "all of them": [
      {
        ...GOOD,
        requested_token_type: "urn:ietf:params:oauth:token-type:jwt",
        audience: "vault",
        policy: "deploy",
        dry_run: "true",
      },
      { subjectToken: "h.p.s", audience: "vault", policy: "deploy", dryRun: true },
    ],
    "the audience twice, if it is one audience": [
      { ...GOOD, audience: ["vault", "vault"] },
      { subjectToken: "h.p.s", audience: "vault", dryRun: false },
    ],
    "a resource in place of an audience": [
      { ...GOOD, resource: "https://vault.example.org" },
      { subjectToken: "h.p.s", audience: "https://vault.example.org", dryRun: false },
    ],
    "unknown and empty parameters, which are ignored": [
      { ...GOOD, colour: "blue", client_id: "ci", scope: "", actor_token: "" },
      { subjectToken: "h.p.s", dryRun: false },
    ],
  };
  test.each(Object.entries(ACCEPTED))("%s", async (_, [parameters, expected]) => {
    expect(await post(form(parameters))).toEqual({ ok: true, value: expected });
  });

  test("media type parameters, its case and blanks do not matter", async () => {
    const type = "Application/X-WWW-Form-Urlencoded ; charset=UTF-8";
    expect((await post(form(GOOD), { "content-type": type })).ok).toBe(true);
  });
});

describe("what is refused", () => {
  const { grant_type: _g, ...noGrant } = GOOD;
  const { subject_token: _s, ...noToken } = GOOD;
  const { subject_token_type: _t, ...noType } = GOOD;
  const REFUSED: Readonly<Record<string, [Parameters, string, RegExp]>> = {
    "no grant_type": [noGrant, "parameter_missing", /grant_type is missing/],
    "an empty grant_type": [{ ...GOOD, grant_type: "" }, "parameter_missing", /grant_type is missing/],
    "another grant": [{ ...GOOD, grant_type: "client_credentials" }, "grant_type_unsupported", /grant_type/],
    "the grant in another case": [
      { ...GOOD, grant_type: GOOD.grant_type.toUpperCase() },
      "grant_type_unsupported",
      /grant_type/,
    ],
    "no subject_token": [noToken, "parameter_missing", /subject_token is missing/],
    "no subject_token_type": [noType, "parameter_missing", /subject_token_type is missing/],
    "an access token": [
      { ...GOOD, subject_token_type: "urn:ietf:params:oauth:token-type:access_token" },
      "subject_token_type_unsupported",
      /subject_token_type/,
    ],
    "a wish for an access token": [
      { ...GOOD, requested_token_type: "urn:ietf:params:oauth:token-type:access_token" },
      "requested_token_type_unsupported",
      /requested_token_type/,
    ],
    "an actor token": [{ ...GOOD, actor_token: "x" }, "actor_token_unsupported", /actor_token/],
    "an actor token type alone": [
      { ...GOOD, actor_token_type: "x" },
      "actor_token_unsupported",
      /actor_token_type/,
    ],
    "a scope": [{ ...GOOD, scope: "openid" }, "scope_unsupported", /scope/],
    "a client secret": [
      { ...GOOD, client_secret: "x" },
      "client_authentication_unsupported",
      /client_secret/,
    ],
    "a client assertion": [
      { ...GOOD, client_assertion: "x" },
      "client_authentication_unsupported",
      /assertion/,
    ],
    "two audiences": [{ ...GOOD, audience: ["a", "b"] }, "audience_multiple", /2 audiences/],
    "an audience and another resource": [
      { ...GOOD, audience: "a", resource: "https://b.example" },
      "audience_multiple",
      /2 audiences/,
    ],
    "a relative resource": [{ ...GOOD, resource: "/vault" }, "parameter_invalid", /resource/],
    "a resource with a fragment": [
      { ...GOOD, resource: "https://v.example/#a" },
      "parameter_invalid",
      /resource/,
    ],
    "a dry_run that is neither": [{ ...GOOD, dry_run: "yes" }, "parameter_invalid", /dry_run/],
    "a parameter twice": [{ ...GOOD, policy: ["a", "a"] }, "parameter_duplicated", /policy is there 2 times/],
    "an unknown parameter twice": [
      { ...GOOD, ["<b>"]: ["1", "2"] },
      "parameter_duplicated",
      /same parameter/,
    ],
  };
  test.each(Object.entries(REFUSED))("%s", async (_, [parameters, code, detail]) => {
    expect(await post(form(parameters))).toEqual({
      ok: false,
      error: { code, detail: expect.stringMatching(detail) },
    });
  });

  test.each([
    ["application/json"],
    ["application/json, application/x-www-form-urlencoded"],
    ["application/x-www-form-urlencoded, application/json"],
    ["multipart/form-data; boundary=x"],
    ["text/plain"],
  ])("the content type %s", async (type) => {
    expect(await post(form(GOOD), { "content-type": type })).toMatchObject({
      error: { code: "content_type_refused" },
    });
  });

  test.each([
    ["parameter_in_query", {}, "https://x.example/token?subject_token=x"],
    ["proof_of_possession_unsupported", { dpop: "x" }, undefined],
    ["client_authentication_unsupported", { authorization: "Basic eDp5" }, undefined],
  ])("%s", async (code, headers, url) => {
    expect(await post(form(GOOD), headers as Record<string, string>, url)).toMatchObject({ error: { code } });
  });

  test("a body of 32 KiB is read, one byte more is not", async () => {
    const padded = (size: number) => `${form(GOOD)}&x=`.padEnd(size, "y");
    expect((await post(padded(32 * 1024))).ok).toBe(true);
    expect(await post(padded(32 * 1024 + 1))).toMatchObject({ error: { code: "body_too_large" } });
  });

  test.each([
    ["a stray percent sign", "subject_token=%zz"],
    ["percent-encoded bytes that are not UTF-8", "subject_token=%ff"],
    ["a percent-encoded surrogate", "subject_token=%ed%a0%80"],
  ])("%s", async (_, body) => {
    expect(await post(body)).toMatchObject({ error: { code: "body_malformed" } });
  });

  test("bytes that are not UTF-8", async () => {
    expect(await post(Uint8Array.of(0x61, 0x3d, 0xff))).toMatchObject({ error: { code: "body_malformed" } });
  });
});

test("a body that breaks off is refused, not thrown", async () => {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("grant_type="));
      controller.error(new Error("connection reset"));
    },
  });
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const request = new Request("https://x.example/token", { method: "POST", body, headers, duplex: "half" });
  expect(await readTokenRequest(request)).toMatchObject({ error: { code: "body_malformed" } });
});

test("every text is a form or a refusal, and what a strict encoder wrote is read back", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof parseForm(text).ok === "boolean"));
  const parameter = fc.tuple(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme", minLength: 1 }));
  fc.assert(
    fc.property(fc.array(parameter), (pairs) => {
      const parsed = parseForm(new URLSearchParams(pairs).toString());
      const read = parsed.ok
        ? [...parsed.value].flatMap(([name, values]) => values.map((value) => [name, value]))
        : [];
      expect(read.sort()).toEqual(pairs.map(([name, value]) => [name, value]).sort());
    }),
  );
});
