import { sign as signBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { JWS_ALGORITHMS } from "../../../shared/jws-algorithms.ts";
import { peek } from "../../../shared/subject-token/peek.ts";
import { allowedAlgorithm } from "../../../shared/subject-token/signing-key.ts";
import { verify } from "../../../shared/subject-token/verify.ts";
import type { AllowedIssuer } from "../../../shared/trust/model/issuer.ts";
import {
  AUDIENCE,
  allowedIssuer,
  compact,
  ecKey,
  ed25519Key,
  goodClaims,
  goodHeader,
  hmac,
  ISSUER,
  type Json,
  NOW,
  publicJwk,
  rsaKey,
} from "./craft.ts";

async function codeOf(token: string, issuer: AllowedIssuer = allowedIssuer(), now = NOW): Promise<string> {
  const peeked = peek(token);
  if (!peeked.ok) return peeked.error.code;
  const algorithm = allowedAlgorithm(peeked.value, issuer);
  if (!algorithm.ok) return algorithm.error.code;
  const { kty, keyParams } = JWS_ALGORITHMS[algorithm.value];
  const jwk = { RSA: rsaKey, EC: ecKey, OKP: ed25519Key }[kty];
  const key = await crypto.subtle.importKey("jwk", publicJwk(jwk), keyParams, false, ["verify"]);
  const verified = await verify(peeked.value, key, issuer, now);
  return verified.ok ? "ok" : verified.error.code;
}

const withClaims = (overrides: Json, issuer?: AllowedIssuer, now?: number) =>
  codeOf(compact(goodHeader, goodClaims(overrides)), issuer, now);

test("hands on the claims of a good token, and nothing else", async () => {
  const peeked = peek(compact(goodHeader, goodClaims({ extra: { deep: [1] } })));
  if (!peeked.ok) throw new Error(peeked.error.detail);
  const key = await crypto.subtle.importKey(
    "jwk",
    publicJwk(rsaKey),
    { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" },
    false,
    ["verify"],
  );
  const verified = await verify(peeked.value, key, allowedIssuer(), NOW);
  expect(verified).toEqual({ ok: true, value: goodClaims({ extra: { deep: [1] } }) });
});

describe("algorithm", () => {
  test.each([
    "none",
    "None",
    "NONE",
    "nOnE",
    "HS256",
    "rs256",
    "Rs256",
    "RS256 ",
    "RS384",
    "PS256",
    "ES256",
    "",
    "constructor",
    "__proto__",
  ])("%j is refused where the issuer uses RS256", async (alg) => {
    expect(await codeOf(compact({ ...goodHeader, alg }, goodClaims()))).toBe("token_algorithm_refused");
  });

  test("a symmetric algorithm is refused even where the issuer's list has it", async () => {
    const issuer = allowedIssuer({ algorithms: ["HS256", "none"] });
    const pem = rsaKey.publicKey.export({ type: "spki", format: "pem" });
    for (const alg of ["HS256", "none"]) {
      const token = compact({ ...goodHeader, alg }, goodClaims(), hmac(pem));
      expect(await codeOf(token, issuer)).toBe("token_algorithm_refused");
    }
  });

  const ec = { key: ecKey.privateKey, dsaEncoding: "ieee-p1363" } as const;
  const pss = { key: rsaKey.privateKey, padding: 6, saltLength: 32 } as const;
  test.each([
    ["RS256", (input: Buffer) => signBytes("sha256", input, rsaKey.privateKey)],
    ["RS384", (input: Buffer) => signBytes("sha384", input, rsaKey.privateKey)],
    ["RS512", (input: Buffer) => signBytes("sha512", input, rsaKey.privateKey)],
    ["PS256", (input: Buffer) => signBytes("sha256", input, pss)],
    ["ES256", (input: Buffer) => signBytes("sha256", input, ec)],
    ["EdDSA", (input: Buffer) => signBytes(null, input, ed25519Key.privateKey)],
    ["Ed25519", (input: Buffer) => signBytes(null, input, ed25519Key.privateKey)],
  ])("%s verifies where it is allowed, and only what it signed", async (alg, sign) => {
    const issuer = allowedIssuer({ algorithms: [alg] });
    const token = compact({ ...goodHeader, alg }, goodClaims(), sign);
    expect(await codeOf(token, issuer)).toBe("ok");
    const other = compact({ ...goodHeader, alg }, goodClaims({ sub: "job:2" }), sign);
    const mixed = `${token.slice(0, token.lastIndexOf("."))}${other.slice(other.lastIndexOf("."))}`;
    expect(await codeOf(mixed, issuer)).toBe("signature_invalid");
  });

  test("a PSS signature is none under PKCS1, nor a DER one under ES256", async () => {
    const asPkcs1 = compact(goodHeader, goodClaims(), (input) => signBytes("sha256", input, pss));
    expect(await codeOf(asPkcs1)).toBe("signature_invalid");
    const der = compact({ ...goodHeader, alg: "ES256" }, goodClaims(), (input) =>
      signBytes("sha256", input, ecKey.privateKey),
    );
    expect(await codeOf(der, allowedIssuer({ algorithms: ["ES256"] }))).toBe("signature_invalid");
  });

  test("ES256 of all zeros is refused (CVE-2022-21449)", async () => {
    const token = compact({ ...goodHeader, alg: "ES256" }, goodClaims(), () => Buffer.alloc(64));
    expect(await codeOf(token, allowedIssuer({ algorithms: ["ES256"] }))).toBe("signature_invalid");
  });
});

describe("registered claims", () => {
  const wrongTypes = [null, true, 1, 1.5, [], {}, ["x"], ""];

  test.each(["sub", "jti", "job_id"])(
    "%s: absent, null and empty are missing, any other type is invalid",
    async (name) => {
      expect(await withClaims({ [name]: undefined })).toBe("token_claim_missing");
      for (const value of wrongTypes) {
        const expected = value === null || value === "" ? "token_claim_missing" : "token_claim_invalid";
        expect(await withClaims({ [name]: value })).toBe(expected);
      }
    },
  );

  test.each(["exp", "iat"])("%s is required, and a whole number", async (name) => {
    expect(await withClaims({ [name]: undefined })).toBe("token_claim_missing");
    for (const value of [null, "1795341700", `${NOW}`, true, [NOW], {}, NOW + 0.5, -1, 2 ** 53, 1e300, ""]) {
      expect(await withClaims({ [name]: value })).toBe("token_claim_invalid");
    }
  });

  test("nbf may be absent, and is honoured where it is there", async () => {
    for (const value of [null, `${NOW}`, true, [NOW], {}, NOW + 0.5, -1, 2 ** 53]) {
      expect(await withClaims({ nbf: value })).toBe("token_claim_invalid");
    }
    expect(await withClaims({ nbf: NOW - 600 })).toBe("ok");
    expect(await withClaims({ nbf: NOW + 60 })).toBe("ok");
    expect(await withClaims({ nbf: NOW + 61 })).toBe("token_not_yet_valid");
  });

  test.each([
    ["absent", undefined, "token_claim_missing"],
    ["null", null, "token_claim_invalid"],
    ["a number", 1, "token_claim_invalid"],
    ["an object", { [AUDIENCE]: true }, "token_claim_invalid"],
    ["a list with a number", [AUDIENCE, 1], "token_claim_invalid"],
    ["nested", [[AUDIENCE]], "token_claim_invalid"],
    ["empty", "", "token_audience_mismatch"],
    ["an empty list", [], "token_audience_mismatch"],
    ["ours among others", [AUDIENCE, "https://other.example"], "token_audience_mismatch"],
    ["ours twice", [AUDIENCE, AUDIENCE], "token_audience_mismatch"],
    ["another's", "https://other.example", "token_audience_mismatch"],
    ["ours with a slash", `${AUDIENCE}/`, "token_audience_mismatch"],
    ["ours in capitals", AUDIENCE.toUpperCase(), "token_audience_mismatch"],
    ["ours and a space", `${AUDIENCE} `, "token_audience_mismatch"],
    ["ours", AUDIENCE, "ok"],
    ["a list of ours", [AUDIENCE], "ok"],
  ])("aud: %s", async (_, aud, expected) => expect(await withClaims({ aud })).toBe(expected));

  test("iss is compared again with the issuer whose key was used", async () => {
    expect(await withClaims({}, allowedIssuer({ issuer: `${ISSUER}/` }))).toBe("issuer_not_allowed");
  });

  test("each date holds to the second, with 60 s of skew", async () => {
    const at = (now: number) => withClaims({ iat: NOW, exp: NOW + 300 }, undefined, now);
    expect(await at(NOW - 60)).toBe("ok");
    expect(await at(NOW - 61)).toBe("token_not_yet_valid");
    expect(await at(NOW + 359)).toBe("ok");
    expect(await at(NOW + 360)).toBe("token_expired");
  });

  test("exp is after iat, and no further than the issuer's maxTokenAge", async () => {
    expect(await withClaims({ exp: NOW })).toBe("token_claim_invalid");
    expect(await withClaims({ exp: NOW - 1 })).toBe("token_claim_invalid");
    expect(await withClaims({ exp: NOW + 3_600 })).toBe("ok");
    expect(await withClaims({ exp: NOW + 3_601 })).toBe("token_lifetime_exceeded");
    expect(await withClaims({ exp: NOW + 3_600 }, undefined, NOW + 3_600)).toBe("ok");
    expect(await withClaims({ exp: NOW + 3_600 }, undefined, NOW + 3_601)).toBe("token_expired");
  });

  test("cnf is refused, whatever its value", async () => {
    for (const cnf of [null, {}, { jkt: "x" }]) {
      expect(await withClaims({ cnf })).toBe("proof_of_possession_unsupported");
    }
  });

  test("jti may be absent where tokens may be used again", async () => {
    expect(await withClaims({ jti: undefined }, allowedIssuer({ replay: "off" }))).toBe("ok");
    expect(await withClaims({ jti: undefined }, allowedIssuer({ replay: "per-audience" }))).toBe(
      "token_claim_missing",
    );
    expect(await withClaims({ jti: 7 }, allowedIssuer({ replay: "off" }))).toBe("token_claim_invalid");
  });

  test("only own members count: what every object inherits is not a claim", async () => {
    const issuer = (name: string) => allowedIssuer({ requiredClaims: [name] });
    expect(await withClaims({}, issuer("constructor"))).toBe("token_claim_missing");
    expect(await withClaims({}, issuer("__proto__"))).toBe("token_claim_missing");
    const text = JSON.stringify(goodClaims()).replace("}", ',"__proto__":{"extra":"x"}}');
    expect(await codeOf(compact(goodHeader, text), issuer("extra"))).toBe("token_claim_missing");
  });

  test("a forged token is told nothing about its claims", async () => {
    const forged = compact(goodHeader, goodClaims({ exp: 1, aud: "x" }), (input) => hmac("x")(input));
    expect(await codeOf(forged)).toBe("signature_invalid");
  });
});
