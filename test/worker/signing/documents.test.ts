import { calculateJwkThumbprint, type JWK } from "jose";
import { describe, expect, test } from "vitest";
import { jwks, type PublishedKeys, spiffeBundle } from "../../../worker/signing/documents.ts";
import { deployment, SETTINGS, START } from "./deployment.ts";

async function published(): Promise<PublishedKeys> {
  const world = deployment();
  const keys = await world.reader().published(SETTINGS, world.at(START));
  if (!keys.ok) throw new Error(keys.error.code);
  return keys.value;
}

const MEMBERS = { EC: ["crv", "x", "y"], RSA: ["n", "e"] };
const PRIVATE = ["d", "p", "q", "dp", "dq", "qi", "k", "ext", "key_ops"];

describe("the published documents", () => {
  test("the JWK Set has exactly the members that every OIDC library takes, and one key of each kind at least", async () => {
    const { keys } = jwks(await published()) as { keys: (JWK & { kty: "EC" | "RSA" })[] };
    expect(new Set(keys.map(({ alg }) => alg))).toEqual(new Set(["ES256", "RS256"]));
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(["alg", "kid", "kty", "use", ...MEMBERS[key.kty]].sort());
      expect(key.use).toBe("sig");
      expect(key.kid).toBe(await calculateJwkThumbprint(key));
      expect(PRIVATE.filter((name) => name in key)).toEqual([]);
    }
  });

  test("EC coordinates have their full length, RSA moduli 2048 bits", async () => {
    for (const { jwk } of (await published()).keys) {
      const bytes = (member: string): number => Buffer.from(member, "base64url").length;
      if (jwk.kty === "EC") expect([bytes(jwk.x), bytes(jwk.y)]).toEqual([32, 32]);
      else expect(bytes(jwk.n)).toBe(256);
    }
  });

  test("the bundle has use jwt-svid and no alg, an integer sequence and the hint", async () => {
    const all = await published();
    const bundle = spiffeBundle(all) as { keys: JWK[]; spiffe_sequence: number; spiffe_refresh_hint: number };
    expect(bundle.keys.map(({ kid }) => kid)).toEqual(all.keys.map(({ kid }) => kid));
    for (const key of bundle.keys) {
      expect(key.use).toBe("jwt-svid");
      expect("alg" in key).toBe(false);
    }
    expect(Number.isSafeInteger(bundle.spiffe_sequence)).toBe(true);
    expect(bundle.spiffe_refresh_hint).toBe(300);
  });
});
