import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMinted, parsePlan } from "../../shared/client/response.ts";
import { deny } from "../../shared/denial.ts";
import { errorBody, exchangeForm, type Minted, type Plan, successBody } from "../../shared/wire.ts";

const DECISION = {
  spiffeId: "spiffe://td/w",
  audience: "https://vault.example.org",
  policy: "deploy",
  configVersion: "0123456789abcdef",
};
const SUCCESS: Minted = { svid: "a.b.c", expiresIn: 300, ...DECISION };
const PLAN: Plan = { lifetime: 300, ...DECISION };
const NOT_AN_EXCHANGE = { ok: false, error: { code: "not_an_exchange", status: 200 } };

describe("a response that is read back is the response that was built", () => {
  test("a success", () => {
    expect(parseMinted(200, successBody(SUCCESS))).toEqual({ ok: true, value: SUCCESS });
  });

  test("a dry run, which has no SVID", () => {
    expect(parsePlan(200, successBody(PLAN))).toEqual({ ok: true, value: PLAN });
  });

  test("neither is taken for the other", () => {
    expect(parseMinted(200, successBody(PLAN))).toEqual(NOT_AN_EXCHANGE);
    expect(parsePlan(200, successBody(SUCCESS))).toEqual(NOT_AN_EXCHANGE);
    const both = { ...successBody(SUCCESS), ...successBody(PLAN) };
    expect(parseMinted(200, both)).toEqual(NOT_AN_EXCHANGE);
    expect(parsePlan(200, both)).toEqual(NOT_AN_EXCHANGE);
  });

  test("a refusal with its checks", () => {
    const checks = [{ policy: "deploy", attribute: "jwt.claim.ref", value: "refs/heads/dev", pass: false }];
    const body = errorBody(deny("policy_denied", "No policy matched.", { checks }), "id-1");
    const refusal = {
      status: 400,
      error: "invalid_request",
      description: body["error_description"],
      code: "policy_denied",
      requestId: "id-1",
      checks,
    };
    for (const parse of [parseMinted, parsePlan]) {
      expect(parse(400, body)).toEqual({ ok: false, error: { code: "refused", refusal } });
    }
  });
});

test("the success body is RFC 8693's: a JWT that is not an OAuth access token", () => {
  expect(successBody(SUCCESS)).toMatchObject({
    access_token: "a.b.c",
    issued_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_type: "N_A",
    expires_in: 300,
  });
});

test("the form leaves out what was not asked for", () => {
  expect(exchangeForm({ subjectToken: "t" }).toString()).toBe(
    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=t" +
      "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aid_token" +
      "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt",
  );
});

test("a 200 that is not an exchange's is a failure, whatever it holds", () => {
  for (const body of [
    null,
    [],
    "ok",
    {},
    { access_token: "" },
    { ...successBody(SUCCESS), expires_in: "300" },
  ]) {
    for (const parse of [parseMinted, parsePlan]) expect(parse(200, body)).toEqual(NOT_AN_EXCHANGE);
  }
});

test("any answer at all is read without throwing, and unknown codes are dropped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
      for (const parse of [parseMinted, parsePlan]) {
        const response = parse(status, body);
        if (response.ok || response.error.code !== "refused") continue;
        expect(response.error.refusal.code).toBeUndefined();
      }
    }),
  );
});

test("error_description holds only the characters of RFC 6749 section 5.2", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (detail) => {
      const body = errorBody(deny("internal_error", detail), "id");
      expect(body["error_description"]).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
    }),
  );
});
