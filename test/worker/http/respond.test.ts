import { expect, test } from "vitest";
import { DENIALS, type DenialCode, deny } from "../../../shared/denial.ts";
import { respondDenial } from "../../../worker/http/respond.ts";

/** What `WWW-Authenticate` says, for the codes that are answered with a challenge (RFC 6750 §3, §3.1). */
const CHALLENGES: Partial<Record<DenialCode, string>> = {
  client_authentication_unsupported: "Bearer",
  caller_token_missing: "Bearer",
  caller_token_refused: 'Bearer error="invalid_token"',
  application_denied: 'Bearer error="insufficient_scope"',
  assertion_refused: 'Bearer error="insufficient_scope"',
};

test.each(Object.keys(DENIALS) as DenialCode[])("%s has the challenge of RFC 6750, or none", async (code) => {
  const response = respondDenial(deny(code, "It is so."), "r1");
  expect(response.headers.get("www-authenticate")).toBe(CHALLENGES[code] ?? null);
  expect(response.status).toBe(DENIALS[code].status);
  expect(response.headers.get("cache-control")).toBe("no-store");
  expect(await response.json()).toMatchObject({ code, error: DENIALS[code].error, request_id: "r1" });
});
