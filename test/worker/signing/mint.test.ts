import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import type { SpiffeId } from "../../../shared/spiffe-id.ts";
import type { Grant, SvidAlgorithm } from "../../../shared/svid.ts";
import { jwks } from "../../../worker/signing/documents.ts";
import { expiry, mint } from "../../../worker/signing/mint.ts";
import { deployment, SETTINGS, START } from "./deployment.ts";

const ISSUER = "https://svid.example.org";

const grant = (algorithm: SvidAlgorithm): Grant => ({
  policy: "deploy",
  spiffeId: "spiffe://ci.example.org/github/acme/shop" as SpiffeId,
  audience: "https://vault.example.org",
  algorithm,
  ttlSeconds: 300,
  claims: { repository: "acme/shop", roles: ["deployer"] },
});

async function minted(algorithm: SvidAlgorithm) {
  const world = deployment();
  const keys = world.reader();
  const signer = await keys.signer(algorithm, SETTINGS, world.at(START));
  const published = await keys.published(SETTINGS, world.at(START));
  if (!signer.ok || !published.ok) throw new Error("no keys");
  const svid = await mint({ grant: grant(algorithm), signer: signer.value, issuer: ISSUER, now: START });
  return { ...svid, signer: signer.value, set: jwks(published.value) as JSONWebKeySet };
}

test.each(["ES256", "RS256"] as const)(
  "an %s SVID verifies with a library that did not mint it",
  async (algorithm) => {
    const { token, jti, exp, set, signer } = await minted(algorithm);
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(set), {
      issuer: ISSUER,
      audience: "https://vault.example.org",
      currentDate: new Date(START * 1000),
    });
    expect(protectedHeader).toEqual({ alg: algorithm, kid: signer.kid, typ: "JWT" });
    expect(Object.keys(decodeProtectedHeader(token)).sort()).toEqual(["alg", "kid", "typ"]);
    expect(payload).toEqual({
      iss: ISSUER,
      sub: "spiffe://ci.example.org/github/acme/shop",
      aud: "https://vault.example.org",
      exp: START + 300,
      iat: START,
      jti,
      repository: "acme/shop",
      roles: ["deployer"],
    });
    expect(exp).toBe(START + 300);
    expect(Buffer.from(jti, "base64url").length).toBe(16);
  },
);

test("two SVIDs never share an id", async () => {
  const [one, other] = await Promise.all([minted("ES256"), minted("ES256")]);
  expect(one.jti).not.toBe(other.jti);
});

test("the signing key can't be exported", async () => {
  const { signer } = await minted("ES256");
  await expect(crypto.subtle.exportKey("jwk", signer.key)).rejects.toMatchObject({
    name: "InvalidAccessError",
  });
});

test.each([
  { left: 10_000, exp: 300 },
  { left: 660, exp: 300 },
  { left: 659, exp: 299 },
])("with $left s until its key leaves the documents, an SVID of 300 s lives $exp s", ({ left, exp }) => {
  expect(expiry(START, 300, START + left)).toBe(START + exp);
});
