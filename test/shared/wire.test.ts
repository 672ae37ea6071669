import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deny } from "../../shared/denial.ts";
import { errorBody, exchangeForm, parseExchangeAnswer, successBody } from "../../shared/wire.ts";

const SUCCESS = {
  svid: "a.b.c",
  expiresIn: 300,
  spiffeId: "spiffe://td/w",
  audience: "https://vault.example.org",
  policy: "deploy",
  configVersion: "0123456789abcdef",
};

describe("an answer read back is the answer that was built", () => {
  test("a success", () => {
    expect(parseExchangeAnswer(200, successBody(SUCCESS))).toEqual({ ok: true, value: SUCCESS });
  });

  test("a dry run, which has no SVID", () => {
    const { svid: _, ...dryRun } = SUCCESS;
    expect(parseExchangeAnswer(200, successBody(dryRun))).toEqual({ ok: true, value: dryRun });
  });

  test("a refusal with its checks", () => {
    const checks = [{ policy: "deploy", attribute: "jwt.claim.ref", value: "refs/heads/dev", pass: false }];
    const body = errorBody(deny("policy_denied", "No policy matched.", { checks }), "id-1");
    expect(parseExchangeAnswer(400, body)).toEqual({
      ok: false,
      error: {
        status: 400,
        error: "invalid_request",
        description: body["error_description"],
        code: "policy_denied",
        requestId: "id-1",
        checks,
      },
    });
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
    expect(parseExchangeAnswer(200, body)).toMatchObject({ ok: false, error: { error: "not_an_exchange" } });
  }
});

test("any answer at all is read without throwing, and unknown codes are dropped", () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), fc.jsonValue(), (status, body) => {
      const answer = parseExchangeAnswer(status, body);
      if (!answer.ok) expect(answer.error.code).toBeUndefined();
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
