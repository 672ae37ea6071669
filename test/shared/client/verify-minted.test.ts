import { describe, expect, test } from "vitest";
import type { ClientPorts } from "../../../shared/client/exchange.ts";
import { type ExchangeUrl, parseExchangeUrl } from "../../../shared/client/exchange-url.ts";
import { readOnce, readWithRetry } from "../../../shared/client/read-document.ts";
import { type MintedFailure, verifyMinted } from "../../../shared/client/verify-minted.ts";
import type { ReadDocument } from "../../../shared/verify/published-keys.ts";
import { createLeapingClock } from "../../stage/clock.ts";
import { AUDIENCE, claims, ecdsa, header, ISSUER, NOW, publicJwk, SPIFFE_ID, svid } from "../verify/craft.ts";

const METADATA = { issuer: ISSUER, jwks_uri: `${ISSUER}/.well-known/jwks.json` };
const JWKS = { keys: [publicJwk("p256", { alg: "ES256", use: "sig" })] };

type Respond = () => Response;

/** A process in which the exchange publishes these documents; each may respond more than once. */
function portsWith(documents: Readonly<Record<string, Respond[]>>) {
  const asked: string[] = [];
  const ports: ClientPorts = {
    ...createLeapingClock(NOW * 1000),
    timeoutSignal: () => new AbortController().signal,
    random: () => 0,
    fetch: async (url) => {
      asked.push(url);
      const responses = documents[new URL(url).pathname] ?? [];
      const respond = responses.length > 1 ? responses.shift() : responses[0];
      return respond?.() ?? new Response(null, { status: 404 });
    },
  };
  return { ports, asked };
}

const published = (metadata: unknown = METADATA, keys: unknown = JWKS) =>
  portsWith({
    "/.well-known/openid-configuration": [() => Response.json(metadata)],
    "/.well-known/jwks.json": [() => Response.json(keys)],
  });

function issuer(): ExchangeUrl {
  const url = parseExchangeUrl(ISSUER);
  if (!url.ok) throw new Error(url.error);
  return url.value;
}

const MINTED = {
  expiresIn: 300,
  audience: AUDIENCE,
  spiffeId: SPIFFE_ID,
  policy: "deploy",
  configVersion: "b1946ac92492",
};

async function codeOf(token: string, { ports }: { ports: ClientPorts }, read?: ReadDocument) {
  const reader = read ?? readWithRetry(10_000, ports);
  const verified = await verifyMinted({ ...MINTED, svid: token }, issuer(), reader, ports.nowMs);
  return verified.ok ? "good" : verified.error.code;
}

type Code = MintedFailure["code"];

describe("a minted SVID is verified as a service would", () => {
  test("and is good, by the key set that the discovery document names", async () => {
    const world = published();
    expect(await codeOf(svid(), world)).toBe("good");
    expect(world.asked).toEqual([
      `${ISSUER}/.well-known/openid-configuration`,
      `${ISSUER}/.well-known/jwks.json`,
    ]);
  });

  test.each<[string, string, Code]>([
    ["another key", svid(header(), claims(), ecdsa(256, "stranger")), "signature_invalid"],
    ["an unknown key", svid(header({ kid: "k2" })), "key_not_published"],
    ["another issuer", svid(header(), claims({ iss: "https://svid.example.com" })), "claim_iss"],
    ["another audience", svid(header(), claims({ aud: "https://else.example.org" })), "claim_aud"],
    ["another identity", svid(header(), claims({ sub: `${SPIFFE_ID}x` })), "svid_differs"],
    ["no expiry", svid(header(), claims({ exp: undefined })), "claim_exp"],
    ["an expiry one second ago", svid(header(), claims({ exp: NOW - 1 })), "expired"],
    ["something else", "not.a.token", "malformed"],
  ])("but not with %s", async (_, token, code) => {
    expect(await codeOf(token, published())).toBe(code);
  });

  test.each<[string, unknown, Code]>([
    ["of another issuer", { ...METADATA, issuer: `${ISSUER}/` }, "issuer_differs"],
    ["without keys", { issuer: ISSUER }, "metadata_unreadable"],
    [
      "with keys over plain http",
      { ...METADATA, jwks_uri: "http://svid.example.org/jwks" },
      "metadata_unreadable",
    ],
    ["that is no object", [], "metadata_unreadable"],
    ["whose keys are not there", { ...METADATA, jwks_uri: `${ISSUER}/none` }, "keys_unreadable"],
  ])("but not by a discovery document %s", async (_, metadata, code) => {
    expect(await codeOf(svid(), published(metadata))).toBe(code);
  });

  test.each<[string, unknown, Code]>([
    ["that is no list", { keys: {} }, "keys_unreadable"],
    ["that holds none", { keys: [] }, "key_not_published"],
    ["for SPIFFE bundles", { keys: [publicJwk("p256", { use: "jwt-svid" })] }, "key_not_published"],
  ])("but not by a key set %s", async (_, keys, code) => {
    expect(await codeOf(svid(), published(METADATA, keys))).toBe(code);
  });

  test("by keys at another address than the issuer's own, which its discovery document may name", async () => {
    const jwks_uri = "https://keys.example.com/.well-known/jwks.json";
    expect(await codeOf(svid(), published({ ...METADATA, jwks_uri }))).toBe("good");
  });
});

describe("documents that are late", () => {
  const busy: Respond = () => new Response(null, { status: 503 });
  const late = () =>
    portsWith({
      "/.well-known/openid-configuration": [busy, () => Response.json(METADATA)],
      "/.well-known/jwks.json": [busy, busy, () => Response.json(JWKS)],
    });

  test("are waited for", async () => {
    const world = late();
    expect(await codeOf(svid(), world)).toBe("good");
    expect(world.asked).toHaveLength(5);
  });

  test("are read once where nobody waits", async () => {
    const world = late();
    expect(await codeOf(svid(), world, readOnce(10_000, world.ports))).toBe("metadata_unreadable");
    expect(world.asked).toHaveLength(1);
  });

  test("are given up at the deadline, which both share", async () => {
    const world = portsWith({ "/.well-known/openid-configuration": [busy] });
    const began = world.ports.nowMs();
    expect(await codeOf(svid(), world, readWithRetry(2_000, world.ports))).toBe("metadata_unreadable");
    expect(world.ports.nowMs() - began).toBeLessThanOrEqual(2_000);
  });

  test.each([
    ["ECONNRESET", 2],
    ["CERT_HAS_EXPIRED", 1],
  ])("for %s are asked for %i times", async (code, times) => {
    const world = published();
    let failures = 0;
    const fetch: ClientPorts["fetch"] = async (url, request) => {
      failures += 1;
      if (failures === 1)
        throw new TypeError("fetch failed", { cause: Object.assign(new Error(), { code }) });
      return world.ports.fetch(url, request);
    };
    const ports = { ...world.ports, fetch };
    const read = readWithRetry(10_000, ports);
    const document = await read(METADATA.jwks_uri);
    expect(document.ok).toBe(times > 1);
    expect(failures).toBe(times);
  });
});
