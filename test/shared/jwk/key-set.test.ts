import { generateKeyPairSync } from "node:crypto";
import { assert, constantFrom, jsonValue, property, record } from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../../../shared/json.ts";
import { describeKeyFault, type KeyFaultReason } from "../../../shared/jwk/key-fault.ts";
import { judgeKeys, parseKeySet } from "../../../shared/jwk/key-set.ts";
import type { KeyUse } from "../../../shared/jwk/public-key.ts";
import { ecKey, ed25519Key, type Json, publicJwk, rsaKey } from "../subject-token/craft.ts";

const rsa = (more: Json = {}) => publicJwk(rsaKey, { kid: "good", alg: "RS256", use: "sig", ...more });
const kidsOf = (...keys: unknown[]) => {
  const parsed = parseKeySet({ keys } as JsonObject, "sig");
  return parsed.ok ? [...parsed.value.keys.keys()] : parsed.error;
};

test("keeps RSA, EC and Ed25519 keys, and only what import needs of them", () => {
  const parsed = parseKeySet(
    {
      keys: [
        rsa({ x5c: ["MII"], x5t: "AA" }),
        publicJwk(ecKey, { kid: "ec" }),
        publicJwk(ed25519Key, { kid: "ed" }),
      ],
    } as unknown as JsonObject,
    "sig",
  );
  const { n, e } = publicJwk(rsaKey);
  expect(parsed.ok && [...parsed.value.keys.values()]).toEqual([
    { kid: "good", alg: "RS256", kty: "RSA", n, e },
    { kid: "ec", ...publicJwk(ecKey) },
    { kid: "ed", ...publicJwk(ed25519Key) },
  ]);
});

const weak = publicJwk(generateKeyPairSync("rsa", { modulusLength: 1024 }), { kid: "bad" });
const brainpoolLike = { kid: "bad", kty: "EC", crv: "brainpoolP256r1", x: "AA", y: "AA" };

const ones = (length: number): number[] => Array<number>(length).fill(0xff);
const modulus = (bytes: Iterable<number>) => Buffer.from([...bytes]).toString("base64url");

test.each<[string, KeyFaultReason, unknown]>([
  ["no object", "not_an_object", "key"],
  ["null", "not_an_object", null],
  ["a list", "not_an_object", []],
  ["an empty object", "kid_missing", {}],
  ["a key without kid", "kid_missing", rsa({ kid: undefined })],
  ["a kid that is a number", "kid_not_text", rsa({ kid: 1 })],
  ["an empty kid", "kid_missing", rsa({ kid: "" })],
  ["a kid with a line break", "kid_not_printable", rsa({ kid: "a\nb" })],
  ["a kid that is too long", "kid_too_long", rsa({ kid: "x".repeat(257) })],
  ["an encryption key", "use_differs", rsa({ kid: "bad", use: "enc" })],
  ["a key for other operations", "key_ops_without_verify", rsa({ kid: "bad", key_ops: ["encrypt"] })],
  ["an alg that is no string", "alg_not_text", rsa({ kid: "bad", alg: 256 })],
  ["a private RSA key", "private_member", { ...rsaKey.privateKey.export({ format: "jwk" }), kid: "bad" }],
  ["an RSA key with d alone", "private_member", rsa({ kid: "bad", d: "AQAB" })],
  ["a symmetric key", "private_member", { kid: "bad", kty: "oct", k: "c2VjcmV0" }],
  ["a symmetric key that says it is RSA", "private_member", rsa({ kid: "bad", k: "c2VjcmV0" })],
  ["an RSA key of 1024 bits", "modulus_short", weak],
  ["an RSA modulus of zeros", "modulus_short", rsa({ kid: "bad", n: "A".repeat(342) })],
  [
    "an RSA modulus whose leading zeros make up its length",
    "modulus_short",
    rsa({ kid: "bad", n: modulus([0, 0, ...ones(254)]) }),
  ],
  ["an RSA modulus of a million bits", "modulus_long", rsa({ kid: "bad", n: `_${"A".repeat(166_667)}` })],
  [
    "an RSA modulus in the standard alphabet",
    "member_unreadable",
    rsa({ kid: "bad", n: `+${"A".repeat(341)}` }),
  ],
  ["an RSA exponent of 1", "exponent_unsafe", rsa({ kid: "bad", e: "AQ" })],
  ["an RSA exponent of 3", "exponent_unsafe", rsa({ kid: "bad", e: "Aw" })],
  ["an even RSA exponent", "exponent_unsafe", rsa({ kid: "bad", e: "AQAC" })],
  ["a huge RSA exponent", "exponent_unsafe", rsa({ kid: "bad", e: "AQAAAAAAAAAB" })],
  ["an RSA key without a modulus", "member_unreadable", rsa({ kid: "bad", n: undefined })],
  ["another curve", "crv_unknown", brainpoolLike],
  ["a curve named like a method", "crv_unknown", { ...brainpoolLike, crv: "constructor" }],
  ["a point of another curve", "coordinate_size", publicJwk(ecKey, { kid: "bad", crv: "P-384" })],
  ["half a point", "member_unreadable", publicJwk(ecKey, { kid: "bad", y: undefined })],
  ["X25519, which does not sign", "crv_unknown", publicJwk(ed25519Key, { kid: "bad", crv: "X25519" })],
  ["an unknown type", "kty_unknown", { kid: "bad", kty: "AKP", alg: "ML-DSA-44", pub: "AA" }],
  ["a kid that is true", "kid_not_text", rsa({ kid: true })],
  ["a kid outside ASCII", "kid_not_printable", rsa({ kid: "ключ" })],
  ["a use that is a list", "use_differs", rsa({ kid: "bad", use: ["sig"] })],
  ["a use of a SPIFFE bundle", "use_differs", rsa({ kid: "bad", use: "jwt-svid" })],
  ["a key that only signs", "key_ops_without_verify", rsa({ kid: "bad", key_ops: ["sign"] })],
  ["key_ops that are no list", "key_ops_without_verify", rsa({ kid: "bad", key_ops: "verify" })],
  ["an RSA key of 2047 bits", "modulus_short", rsa({ kid: "bad", n: modulus([0x7f, ...ones(255)]) })],
  ["an RSA key of 8200 bits", "modulus_long", rsa({ kid: "bad", n: modulus(ones(1_025)) })],
  ["an even modulus", "modulus_even", rsa({ kid: "bad", n: modulus([...ones(255), 0xfe]) })],
  ["an empty exponent", "member_unreadable", rsa({ kid: "bad", e: "" })],
  ["an exponent with padding", "member_unreadable", rsa({ kid: "bad", e: "AQABAA==" })],
  ["a curve that is a number", "crv_unknown", publicJwk(ecKey, { kid: "bad", crv: 256 })],
  ["a short coordinate", "coordinate_size", publicJwk(ecKey, { kid: "bad", x: modulus(ones(31)) })],
  ["a long coordinate", "coordinate_size", publicJwk(ecKey, { kid: "bad", y: modulus(ones(33)) })],
  ["a short Ed25519 key", "coordinate_size", publicJwk(ed25519Key, { kid: "bad", x: modulus(ones(31)) })],
  ["Ed448", "crv_unknown", { kid: "bad", kty: "OKP", crv: "Ed448", x: modulus(ones(57)) }],
])("leaves out %s, says why, and keeps its neighbours", (_, reason, jwk) => {
  expect(judgeKeys([jwk, rsa()], "sig")).toMatchObject([{ error: { reason } }, { ok: true }]);
  expect(kidsOf(jwk, rsa(), jwk)).toEqual(["good"]);
  expect(kidsOf(jwk)).toBe("has no usable key");
});

test("each reason is described as what is wrong and what to write", () => {
  const [judged] = judgeKeys([rsa({ kid: "bad", e: "Aw" })], "sig");
  expect(judged?.ok === false && describeKeyFault(judged.error)).toBe(
    "e is not an odd number from 65537 to 4294967295; have the issuer use a key with the exponent AQAB",
  );
});

test("takes use as the set's kind has it: absent or sig in a JWK Set, jwt-svid alone in a SPIFFE bundle", () => {
  const taken = (use: unknown, wanted: KeyUse) => judgeKeys([rsa({ use })], wanted)[0]?.ok;
  expect([undefined, "sig", "jwt-svid", "enc"].map((use) => taken(use, "sig"))).toEqual([
    true,
    true,
    false,
    false,
  ]);
  expect([undefined, "sig", "jwt-svid", "x509-svid"].map((use) => taken(use, "jwt-svid"))).toEqual([
    false,
    false,
    true,
    false,
  ]);
});

test("says of a kid why its key is of no use", () => {
  const twin = publicJwk(ecKey, { kid: "twin" });
  const parsed = parseKeySet(
    { keys: [rsa(), twin, twin, rsa({ kid: "enc", use: "enc" }), null] } as JsonObject,
    "sig",
  );
  expect(parsed.ok && [...parsed.value.faults]).toEqual([
    ["twin", { reason: "kid_repeated", subject: "twin" }],
    ["enc", { reason: "use_differs", subject: "sig" }],
  ]);
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
    expect(parseKeySet(document as JsonObject, "sig").ok).toBe(false);
  },
);

test("no document makes it throw, and nothing private gets through", () => {
  const member = constantFrom("kid", "kty", "n", "e", "x", "y", "crv", "use", "d", "k", "alg", "key_ops");
  const mutated = record({ name: member, value: jsonValue({ maxDepth: 2 }) }).map(({ name, value }) =>
    rsa({ [name]: value }),
  );
  assert(
    property(mutated, jsonValue(), (jwk, noise) => {
      const parsed = parseKeySet({ keys: [jwk, noise] } as JsonObject, "sig");
      if (!parsed.ok) return;
      for (const key of parsed.value.keys.values()) {
        expect(
          Object.keys(key).filter((name) => !["kid", "alg", "kty", "crv", "n", "e", "x", "y"].includes(name)),
        ).toEqual([]);
      }
    }),
    { numRuns: 1_000 },
  );
});
