import { expect, test } from "vitest";
import { readCompactJws } from "../../../shared/strict/compact-jws.ts";
import { compact, encode, goodClaims, goodHeader } from "../subject-token/craft.ts";

const good = compact(goodHeader, goodClaims());
const [header = "", claims = "", signature = ""] = good.split(".");

test("reads header, claims, what was signed, and the signature as bytes", () => {
  expect(readCompactJws(good)).toEqual({
    ok: true,
    value: {
      header: goodHeader,
      claims: goodClaims(),
      signingInput: new TextEncoder().encode(`${header}.${claims}`),
      signature: new Uint8Array(Buffer.from(signature, "base64url")),
    },
  });
});

test.each([
  ["nothing", "", "malformed", "does not have three parts"],
  ["two parts", `${header}.${claims}`, "malformed", "does not have three parts"],
  ["four parts", `${good}.AA`, "malformed", "does not have three parts"],
  ["an empty part", `${header}..${signature}`, "malformed", "does not have three parts"],
  ["padding", `${header}=.${claims}.${signature}`, "malformed", "has a header that is not base64url"],
  ["a space", `${header}.${claims} .${signature}`, "malformed", "has a claims set that is not base64url"],
  ["bits left over", `${header}.${claims}.AB`, "malformed", "has a signature that is not base64url"],
  ["a list", `${encode("[]")}.${claims}.AA`, "malformed", "has a header that is not a JSON object"],
  [
    "alg twice",
    `${encode('{"alg":"RS256","alg":"none"}')}.${claims}.AA`,
    "malformed",
    "has a header that has the same member twice",
  ],
  [
    "a latin letter",
    `${header}.${encode(Buffer.from([0xe9]))}.AA`,
    "malformed",
    "has a claims set that is not UTF-8",
  ],
  [
    "a long header",
    compact({ ...goodHeader, x: "x".repeat(2_000) }, goodClaims()),
    "malformed",
    "has too large a header",
  ],
  ["a long token", ".".repeat(16 * 1024 + 1), "too-large", "is longer than 16384 bytes"],
])("refuses %s", (_, token, kind, what) => {
  expect(readCompactJws(token)).toEqual({ ok: false, error: { kind, what } });
});
