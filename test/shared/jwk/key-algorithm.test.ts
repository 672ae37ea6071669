import { generateKeyPairSync } from "node:crypto";
import { expect, test } from "vitest";
import { algorithmOf, fitsAlgorithm, importKey } from "../../../shared/jwk/key-algorithm.ts";
import { judgeKey, type PublicKey } from "../../../shared/jwk/public-key.ts";
import {
  isJwsAlgorithm,
  JWS_ALGORITHMS,
  JWT_SVID_ALGORITHMS,
  SUBJECT_TOKEN_ALGORITHMS,
} from "../../../shared/jws-algorithms.ts";
import { ecKey, ed25519Key, type Json, publicJwk, rsaKey } from "../subject-token/craft.ts";
import { OFF_CURVE_KEYS } from "./off-curve-keys.ts";

const keyOf = (jwk: Json): PublicKey => {
  const judged = judgeKey(jwk, "sig");
  if (!judged.ok) throw new Error(judged.error.reason);
  return judged.value;
};
const rsa = (more: Json = {}) => keyOf(publicJwk(rsaKey, { kid: "k", ...more }));
const ec = (more: Json = {}) => keyOf(publicJwk(ecKey, { kid: "k", ...more }));
const okp = keyOf(publicJwk(ed25519Key, { kid: "k" }));

test("an algorithm is of the table, letter by letter", () => {
  expect(["RS256", "EdDSA"].every(isJwsAlgorithm)).toBe(true);
  expect(["none", "HS256", "rs256", "RS256 ", "", "constructor", "__proto__"].some(isJwsAlgorithm)).toBe(
    false,
  );
});

test("subject tokens may have all of them, JWT-SVIDs the nine of JWT-SVID §2.1", () => {
  expect([...SUBJECT_TOKEN_ALGORITHMS].sort()).toEqual(Object.keys(JWS_ALGORITHMS).sort());
  expect([...JWT_SVID_ALGORITHMS].sort()).toEqual(
    ["ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"].sort(),
  );
});

test("a key fits the algorithms of its kind, and with an alg only that one", () => {
  const fitting = (key: PublicKey) => SUBJECT_TOKEN_ALGORITHMS.filter((name) => fitsAlgorithm(key, name));
  expect(fitting(rsa())).toEqual(["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]);
  expect(fitting(rsa({ alg: "PS384" }))).toEqual(["PS384"]);
  expect(fitting(rsa({ alg: "ES256" }))).toEqual([]);
  expect(fitting(rsa({ alg: "RSA-OAEP" }))).toEqual([]);
  expect(fitting(ec())).toEqual(["ES256"]);
  expect(fitting(okp)).toEqual(["EdDSA", "Ed25519"]);
});

test.each<[string, PublicKey, readonly string[], unknown]>([
  ["its own alg", rsa({ alg: "PS256" }), ["RS256", "PS256"], { ok: true, value: "PS256" }],
  ["the only one of its kind", ec(), ["RS256", "ES256"], { ok: true, value: "ES256" }],
  ["none: its alg is not allowed", rsa({ alg: "RS512" }), ["RS256"], { error: { reason: "algorithm_none" } }],
  ["none: its kind is not allowed", ec(), ["RS256"], { error: { reason: "algorithm_none" } }],
  ["none: nothing known is allowed", rsa(), ["HS256"], { error: { reason: "algorithm_none" } }],
  [
    "open: two of its kind are allowed",
    rsa(),
    ["RS256", "ES256", "PS256"],
    { error: { reason: "algorithm_several", subject: "RS256 or PS256" } },
  ],
])("a key is for %s", (_, key, allowed, expected) => {
  expect(algorithmOf(key, allowed)).toMatchObject(expected as object);
});

test("is imported to verify its one algorithm, and cannot be exported", async () => {
  const key = await importKey(rsa(), "PS256");
  expect(key).toMatchObject({ algorithm: { name: "RSA-PSS" }, usages: ["verify"], extractable: false });
  expect(await importKey(rsa(), "ES256")).toBeUndefined();
});

test.each([
  ["P-256", "ES256"],
  ["P-384", "ES384"],
  ["P-521", "ES512"],
] as const)("the points of %s are imported", async (namedCurve, algorithm) => {
  for (let i = 0; i < 20; i++) {
    const key = keyOf(publicJwk(generateKeyPairSync("ec", { namedCurve }), { kid: "ec" }));
    expect(await importKey(key, algorithm)).toMatchObject({ algorithm: { namedCurve } });
  }
});

test.each(OFF_CURVE_KEYS.map((key) => [key.it, key] as const))(
  "%s is not imported",
  async (_, { jwk, algorithm }) => {
    expect(await importKey(keyOf({ ...jwk, kid: "ec" }), algorithm)).toBeUndefined();
  },
);
