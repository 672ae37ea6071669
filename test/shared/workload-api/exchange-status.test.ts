import { describe, expect, test } from "vitest";
import type { AttemptFailure } from "../../../shared/client/exchange.ts";
import type { SvidFailure } from "../../../shared/client/get-svid.ts";
import { exchangeStatus } from "../../../shared/workload-api/exchange-status.ts";

const refusal = (httpStatus: number, code?: "policy_denied" | "rate_limited") => ({
  status: httpStatus,
  error: "invalid_request",
  description: "No policy matches. Compare the failed checks.",
  ...(code === undefined ? {} : { code }),
  requestId: "3f0c",
  checks: [],
});
const refused = (httpStatus: number, code?: "policy_denied" | "rate_limited"): AttemptFailure<string> => ({
  code: "refused",
  refusal: refusal(httpStatus, code),
});
const inTime = (last: AttemptFailure<string>): SvidFailure<string> => ({
  code: "deadline_exceeded",
  attempts: 3,
  last,
});

const statusOf = (failure: SvidFailure<string>) =>
  exchangeStatus(failure, (reason) => `No token: ${reason}.`);

describe("a refusal of the exchange", () => {
  test("reaches the program in the exchange's own words, with the code and the request id", () => {
    expect(statusOf(refused(400, "policy_denied"))).toEqual({
      name: "permissionDenied",
      message: "No policy matches. Compare the failed checks. [policy_denied] request_id 3f0c",
    });
  });

  test("of a code that this version does not know has the code of OAuth", () => {
    expect(statusOf(refused(400)).message).toContain("[invalid_request]");
  });

  test("that may pass is unavailable, in the same words", () => {
    expect(statusOf(inTime(refused(429, "rate_limited")))).toEqual({
      name: "unavailable",
      message: "No policy matches. Compare the failed checks. [rate_limited] request_id 3f0c",
    });
  });
});

test.each<[string, SvidFailure<string>, string, string]>([
  [
    "the network",
    { code: "unreachable", cause: "tls", errno: "CERT_HAS_EXPIRED" },
    "unavailable",
    "CERT_HAS_EXPIRED",
  ],
  [
    "an outage",
    inTime({ code: "unreachable", cause: "refused" }),
    "unavailable",
    "the connection was refused (refused)",
  ],
  ["a server error", inTime({ code: "not_an_exchange", status: 502 }), "unavailable", "(status 502)"],
  ["a page", { code: "not_an_exchange", status: 200 }, "unavailable", "is not an exchange (status 200)"],
  [
    "a redirect",
    { code: "redirected", status: 302, location: "https://login.example" },
    "unavailable",
    "redirects (status 302)",
  ],
  ["no ID token", { code: "no_subject_token", failure: "refused" }, "permissionDenied", "No token: refused."],
  [
    "no ID token for now",
    inTime({ code: "no_subject_token", failure: "down" }),
    "unavailable",
    "No token: down.",
  ],
  [
    "an SVID that does not hold",
    { code: "svid_not_verified", failure: { code: "claim_aud", what: "is for another audience" } },
    "internal",
    "The SVID is for another audience (claim_aud).",
  ],
  [
    "keys that cannot be read",
    {
      code: "svid_not_verified",
      failure: { code: "keys_unreadable", url: "https://x.example/jwks", what: "answered with status 500" },
    },
    "unavailable",
    "https://x.example/jwks answered with status 500.",
  ],
])("%s", (_, failure, name, text) => {
  const status = statusOf(failure);
  expect(status.name).toBe(name);
  expect(status.message).toContain(text);
});
