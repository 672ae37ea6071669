import { exportJWK, type GenerateKeyPairResult, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { beforeAll, describe, expect, test } from "vitest";
import { type UnverifiedReason, verifySvid } from "../../action/verify-svid.ts";
import type { ClientPorts } from "../../shared/client/exchange.ts";
import { type ExchangeUrl, parseExchangeUrl } from "../../shared/client/exchange-url.ts";

const NOW = 1_795_341_600;
const SPIFFE_ID = "spiffe://ci.example.org/github/1/2";
const AUDIENCE = "https://vault.example.org";
const CLAIMS = { iss: "https://svid.example.org", sub: SPIFFE_ID, aud: AUDIENCE, iat: NOW, exp: NOW + 300 };

let ours: GenerateKeyPairResult;
let theirs: GenerateKeyPairResult;
let jwks: unknown;
beforeAll(async () => {
  [ours, theirs] = await Promise.all([generateKeyPair("ES256"), generateKeyPair("ES256")]);
  jwks = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: "k1", alg: "ES256", use: "sig" }] };
});

const sign = (claims: JWTPayload, { kid = "k1", key = ours.privateKey } = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg: "ES256", kid, typ: "JWT" }).sign(key);

const METADATA = {
  issuer: "https://svid.example.org",
  jwks_uri: "https://svid.example.org/.well-known/jwks.json",
};

/** A process in which the exchange publishes these documents; each may answer more than once. */
function portsWith(
  documents: Readonly<Record<string, (() => Response)[]>>,
): ClientPorts & { readonly asked: string[] } {
  const asked: string[] = [];
  let nowMs = NOW * 1000;
  return {
    asked,
    userAgent: "test",
    timeoutSignal: () => new AbortController().signal,
    nowMs: () => nowMs,
    random: () => 0,
    sleep: async (ms) => {
      nowMs += ms;
    },
    fetch: async (url) => {
      asked.push(url);
      const answers = documents[new URL(url).pathname] ?? [];
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      return answer?.() ?? new Response(null, { status: 404 });
    },
  };
}

const published = (metadata: unknown = METADATA, keys: unknown = jwks) =>
  portsWith({
    "/.well-known/openid-configuration": [() => Response.json(metadata)],
    "/.well-known/jwks.json": [() => Response.json(keys)],
  });

function issuer(): ExchangeUrl {
  const url = parseExchangeUrl("https://svid.example.org");
  if (!url.ok) throw new Error(url.error);
  return url.value;
}

const verify = (svid: string, ports: ClientPorts) =>
  verifySvid(svid, { issuer: issuer(), audience: AUDIENCE, spiffeId: SPIFFE_ID }, 10_000, ports);

describe("an SVID is verified as a service would", () => {
  test("and is good", async () => {
    expect(await verify(await sign(CLAIMS), published())).toEqual({ ok: true, value: undefined });
  });

  test.each<[string, () => Promise<string>, UnverifiedReason]>([
    ["another key", () => sign(CLAIMS, { key: theirs.privateKey }), "signature_invalid"],
    ["an unknown key", () => sign(CLAIMS, { kid: "k2" }), "key_not_published"],
    ["another issuer", () => sign({ ...CLAIMS, iss: "https://svid.example.com" }), "claim_differs"],
    ["another audience", () => sign({ ...CLAIMS, aud: "https://else.example.org" }), "claim_differs"],
    ["another identity", () => sign({ ...CLAIMS, sub: `${SPIFFE_ID}x` }), "claim_differs"],
    ["no expiry", () => sign({ iss: CLAIMS.iss, sub: SPIFFE_ID, aud: AUDIENCE }), "claim_differs"],
    ["an expiry in the past", () => sign({ ...CLAIMS, exp: NOW - 61 }), "expired"],
    ["something else", async () => "not.a.token", "malformed"],
  ])("but not with %s", async (_, svid, reason) => {
    expect(await verify(await svid(), published())).toEqual({ ok: false, error: reason });
  });

  test.each<[string, unknown, UnverifiedReason]>([
    ["of another issuer", { ...METADATA, issuer: "https://svid.example.org/" }, "issuer_differs"],
    ["without keys", { issuer: METADATA.issuer }, "metadata_unreadable"],
    [
      "with keys over plain http",
      { ...METADATA, jwks_uri: "http://svid.example.org/jwks" },
      "metadata_unreadable",
    ],
    ["that is no object", [], "metadata_unreadable"],
    [
      "whose keys are not there",
      { ...METADATA, jwks_uri: "https://svid.example.org/none" },
      "keys_unreadable",
    ],
  ])("but not by a discovery document %s", async (_, metadata, reason) => {
    expect(await verify(await sign(CLAIMS), published(metadata))).toEqual({ ok: false, error: reason });
  });

  test("though the documents are late", async () => {
    const busy = () => new Response(null, { status: 503 });
    const ports = portsWith({
      "/.well-known/openid-configuration": [busy, () => Response.json(METADATA)],
      "/.well-known/jwks.json": [busy, busy, () => Response.json(jwks)],
    });
    expect(await verify(await sign(CLAIMS), ports)).toEqual({ ok: true, value: undefined });
    expect(ports.asked).toHaveLength(5);
  });
});
