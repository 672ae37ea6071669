import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../shared/json.ts";
import { readKeySet } from "../../../shared/jwk/key-set.ts";
import { judgeSvid, type VerifiedSvid } from "../../../shared/verify/svid.ts";
import { ROWS } from "./cases.ts";
import { AUDIENCE, claims, ISSUER, NOW, publicJwk, SPIFFE_ID, svid } from "./craft.ts";
import { verdictOf } from "./verdict.ts";

describe("an SVID", () => {
  test.each(ROWS)("$what: $code", async ({ what: _what, code, ...row }) => {
    expect((await verdictOf(row)).code).toBe(code);
  });

  test("each has a name of its own, so that a row that fails can be found", () => {
    expect(new Set(ROWS.map(({ what }) => what)).size).toBe(ROWS.length);
  });
});

test("an SVID that holds says who it is, for whom, until when, and by which key", async () => {
  const set = readKeySet({ keys: [publicJwk("p256")] } as unknown as JsonObject, "sig");
  if (!set.ok) throw new Error(set.error);
  const judged = await judgeSvid(svid(), { keys: set.value.keys, audiences: [AUDIENCE] }, NOW);
  const value = {
    spiffeId: SPIFFE_ID,
    audiences: [AUDIENCE],
    issuer: ISSUER,
    issuedAt: NOW,
    expiresAt: NOW + 300,
    algorithm: "ES256",
    kid: "p256",
    claims: claims(),
  };
  expect(judged).toEqual({ ok: true, value });
  // @ts-expect-error: only the judge makes a verified SVID
  const forged: VerifiedSvid = value;
  expect(forged).toBe(value);
});

describe("a refusal", () => {
  test.each(ROWS.filter(({ code }) => code !== "good"))("holds nothing of the SVID $what", async (row) => {
    const { what } = await verdictOf(row);
    expect(what).toMatch(/^(is|has|names|does) [^\n]+[^.]$/);
    const parts = row.token.split(".").filter((part) => part.length > 8);
    const said = parts.flatMap(
      (part) =>
        Buffer.from(part, "base64url")
          .toString("utf8")
          .match(/[^"{}:,]{12,}/g) ?? [],
    );
    for (const text of [...parts, ...said]) expect(what).not.toContain(text);
  });
});
