import { expect, test } from "vitest";
import { unverifiedJwt } from "../../../shared/client/unverified-jwt.ts";

const token = (payload: string): string => `e30.${Buffer.from(payload).toString("base64url")}.c2ln`;

test.each([
  [token('{"ref":"refs/heads/ü"}'), { header: {}, claims: { ref: "refs/heads/ü" } }],
  [token("[1]"), undefined],
  [token("nope"), undefined],
  ["", undefined],
  ["one", undefined],
])("what %j says of itself", (text, says) => {
  expect(unverifiedJwt(text)).toEqual(says);
});
