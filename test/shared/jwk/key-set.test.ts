import { generateKeyPairSync } from "node:crypto";
import { assert, constantFrom, jsonValue, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../shared/json.ts";
import { parseKeySet } from "../../../shared/jwk/key-set.ts";
import { ecKey, ed25519Key, type Json, publicJwk, rsaKey } from "../subject-token/craft.ts";

const rsa = (more: Json = {}) => publicJwk(rsaKey, { kid: "good", alg: "RS256", use: "sig", ...more });
const kidsOf = (...keys: unknown[]) => {
  const parsed = parseKeySet({ keys } as JsonObject);
  return parsed.ok ? [...parsed.value.keys()] : parsed.error;
};

test("keeps RSA, EC and Ed25519 keys, and only what import needs of them", () => {
  const parsed = parseKeySet({
    keys: [
      rsa({ x5c: ["MII"], x5t: "AA" }),
      publicJwk(ecKey, { kid: "ec" }),
      publicJwk(ed25519Key, { kid: "ed" }),
    ],
  } as unknown as JsonObject);
  const { n, e } = publicJwk(rsaKey);
  expect(parsed.ok && [...parsed.value.values()]).toEqual([
    { kid: "good", alg: "RS256", kty: "RSA", n, e },
    { kid: "ec", ...publicJwk(ecKey) },
    { kid: "ed", ...publicJwk(ed25519Key) },
  ]);
});

const weak = publicJwk(generateKeyPairSync("rsa", { modulusLength: 1024 }), { kid: "bad" });
const brainpoolLike = { kid: "bad", kty: "EC", crv: "brainpoolP256r1", x: "AA", y: "AA" };
const shifted = `AA${String(publicJwk(rsaKey)["n"]).slice(0, -3)}`;

test.each<[string, unknown]>([
  ["no object", "key"],
  ["null", null],
  ["a list", []],
  ["an empty object", {}],
  ["a key without kid", rsa({ kid: undefined })],
  ["a kid that is a number", rsa({ kid: 1 })],
  ["an empty kid", rsa({ kid: "" })],
  ["a kid with a line break", rsa({ kid: "a\nb" })],
  ["a kid that is too long", rsa({ kid: "x".repeat(257) })],
  ["an encryption key", rsa({ kid: "bad", use: "enc" })],
  ["a key for other operations", rsa({ kid: "bad", key_ops: ["encrypt"] })],
  ["an alg that is no string", rsa({ kid: "bad", alg: 256 })],
  ["a private RSA key", { ...rsaKey.privateKey.export({ format: "jwk" }), kid: "bad" }],
  ["an RSA key with d alone", rsa({ kid: "bad", d: "AQAB" })],
  ["a symmetric key", { kid: "bad", kty: "oct", k: "c2VjcmV0" }],
  ["a symmetric key that says it is RSA", rsa({ kid: "bad", k: "c2VjcmV0" })],
  ["an RSA key of 1024 bits", weak],
  ["an RSA modulus of zeros", rsa({ kid: "bad", n: "A".repeat(342) })],
  ["an RSA modulus whose leading zeros make up its length", rsa({ kid: "bad", n: shifted })],
  ["an RSA modulus of a million bits", rsa({ kid: "bad", n: `_${"A".repeat(166_667)}` })],
  ["an RSA modulus in the standard alphabet", rsa({ kid: "bad", n: `+${"A".repeat(341)}` })],
  ["an RSA exponent of 1", rsa({ kid: "bad", e: "AQ" })],
  ["an RSA exponent of 3", rsa({ kid: "bad", e: "Aw" })],
  ["an even RSA exponent", rsa({ kid: "bad", e: "AQAC" })],
  ["a huge RSA exponent", rsa({ kid: "bad", e: "AQAAAAAAAAAB" })],
  ["an RSA key without a modulus", rsa({ kid: "bad", n: undefined })],
  ["another curve", brainpoolLike],
  ["a curve named like a method", { ...brainpoolLike, crv: "constructor" }],
  ["a point of another curve", publicJwk(ecKey, { kid: "bad", crv: "P-384" })],
  ["half a point", publicJwk(ecKey, { kid: "bad", y: undefined })],
  ["X25519, which does not sign", publicJwk(ed25519Key, { kid: "bad", crv: "X25519" })],
  ["an unknown type", { kid: "bad", kty: "AKP", alg: "ML-DSA-44", pub: "AA" }],
])("leaves out %s, and keeps its neighbours", (_, jwk) => {
  expect(kidsOf(jwk, rsa(), jwk)).toEqual(["good"]);
  expect(kidsOf(jwk)).toBe("has no usable key");
});

test("leaves out both of two keys that share a kid", () => {
  expect(kidsOf(rsa({ kid: "twin" }), rsa(), publicJwk(ecKey, { kid: "twin" }))).toEqual(["good"]);
  expect(kidsOf(rsa({ kid: "twin" }), { kid: "twin", kty: "oct" }, rsa())).toEqual(["good"]);
});

test("takes a hundred keys and refuses a set of more", () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => rsa({ kid: `k${i}` }));
  expect(kidsOf(...many(100))).toHaveLength(100);
  expect(kidsOf(...many(101))).toBe("has more than 100 keys");
});

test.each([{}, { keys: null }, { keys: {} }, { keys: "x" }, { keys: [] }])(
  "%j is not a key set",
  (document) => {
    expect(parseKeySet(document as JsonObject).ok).toBe(false);
  },
);

test("no document makes it throw, and nothing private gets through", () => {
  const member = constantFrom("kid", "kty", "n", "e", "x", "y", "crv", "use", "d", "k", "alg", "key_ops");
  const mutated = record({ name: member, value: jsonValue({ maxDepth: 2 }) }).map(({ name, value }) =>
    rsa({ [name]: value }),
  );
  assert(
    property(mutated, jsonValue(), (jwk, noise) => {
      const parsed = parseKeySet({ keys: [jwk, noise] } as JsonObject);
      if (!parsed.ok) return;
      for (const key of parsed.value.values()) {
        expect(
          Object.keys(key).filter((name) => !["kid", "alg", "kty", "crv", "n", "e", "x", "y"].includes(name)),
        ).toEqual([]);
      }
    }),
    { numRuns: 1_000 },
  );
});
