import { expect, test } from "vitest";
import {
  foldedHeaderName,
  HOP_BY_HOP,
  headerValueProblem,
  isReservedHeader,
} from "../../../../shared/trust/model/header.ts";

test.each([
  ["X-Team", "x-team"],
  ["x_team", "x-team"],
  ["X_Forwarded-FOR", "x-forwarded-for"],
])("%s is compared as %s", (name, folded) => {
  expect(foldedHeaderName(name)).toBe(folded);
});

test.each([
  ...HOP_BY_HOP,
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-request-id",
  "x-real-ip",
  "true-client-ip",
  "cdn-loop",
  "cf-connecting-ip",
  "cf-ray",
  "cf-worker",
  "cloudflare-workers-version-overrides",
  "sec-websocket-key",
])("%s can't be rewritten", (name) => {
  expect(isReservedHeader(name)).toBe(true);
});

test.each([
  "authorization",
  "cookie",
  "cf-access-jwt-assertion",
  "cf-access-token",
  "svid-jwt-assertion",
  "x-forwarded-user",
  "x-spiffe-id",
  "x-team",
])("%s can be rewritten", (name) => {
  expect(isReservedHeader(name)).toBe(false);
});

test("a value of a header is printable ASCII without a comma, and without blanks at its ends", () => {
  const characters = Array.from({ length: 0x120 }, (_, code) => String.fromCharCode(code));
  const inside = characters.filter((character) => headerValueProblem(`a${character}b`) === undefined);
  expect(inside.join("")).toBe(characters.slice(0x20, 0x7f).join("").replace(",", ""));
  for (const value of ["", " ", " a", "a "])
    expect(headerValueProblem(value)).toBe("holds what a header can't");
  expect(headerValueProblem("a,b")).toBe("holds a comma, which separates the values of a header");
});
