import { describe, expect, test } from "vitest";
import type { KeyFetchRequest, KeyFetchResponse } from "../../../shared/jwk/fetch-json.ts";
import { fetchKeySet } from "../../../shared/jwk/fetch-key-set.ts";
import { publicJwk, rsaKey } from "../subject-token/craft.ts";

const ISSUER = "https://issuer.example";
const DISCOVERY = `${ISSUER}/.well-known/openid-configuration`;
const JWKS = `${ISSUER}/keys`;
const KEYS = { keys: [publicJwk(rsaKey, { kid: "k1" })] };

type Page = () => KeyFetchResponse | Promise<KeyFetchResponse>;

/** Fetches from pages that are all there is; the timeout passes as soon as nothing else happens. */
async function fetchFrom(pages: Readonly<Record<string, Page>>, source: object = {}) {
  const requests: { url: string; request: KeyFetchRequest }[] = [];
  const timeouts: number[] = [];
  const ports = {
    fetch: async (url: string, request: KeyFetchRequest) => {
      requests.push({ url, request });
      const page = pages[url];
      if (page === undefined) throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
      return page();
    },
    timeoutSignal: (ms: number) => {
      timeouts.push(ms);
      return AbortSignal.timeout(20);
    },
  };
  const fetched = await fetchKeySet(ports, {
    issuer: ISSUER,
    from: "discovery",
    uri: DISCOVERY,
    ...source,
  } as const);
  return { fetched, requests, timeouts };
}

const json = (value: unknown, init?: ResponseInit) => () => Response.json(value, init);
const discovery = json({ issuer: ISSUER, jwks_uri: JWKS });

test("discovery, then the keys: each past every cache, without redirects, with 3 s of its own", async () => {
  const { fetched, requests, timeouts } = await fetchFrom({ [DISCOVERY]: discovery, [JWKS]: json(KEYS) });
  expect(fetched.ok && [...fetched.value.keys.keys()]).toEqual(["k1"]);
  expect(requests.map(({ url }) => url)).toEqual([DISCOVERY, JWKS]);
  for (const { request } of requests) {
    expect(request).toMatchObject({ method: "GET", redirect: "manual", cache: "no-store" });
  }
  expect(timeouts).toEqual([3_000, 3_000]);
});

test("a pinned address needs no discovery and may be at any origin", async () => {
  const uri = "https://keys.example/a.json";
  const { fetched, requests } = await fetchFrom({ [uri]: json(KEYS) }, { from: "jwksURI", uri });
  expect(fetched.ok).toBe(true);
  expect(requests).toHaveLength(1);
});

describe("a document of keys is JSON by its Content-Type, or has none to say otherwise", () => {
  const typed = (type: string) => () =>
    new Response(JSON.stringify(KEYS), { headers: { "content-type": type } });
  test.each([
    "application/json",
    "application/json; charset=utf-8",
    "Application/JSON",
    "application/jwk-set+json",
    "text/json",
    "text/plain; charset=utf-8",
    "application/octet-stream",
    "binary/octet-stream",
    "",
  ])("%s is taken", async (type) => {
    const { fetched } = await fetchFrom({ [DISCOVERY]: discovery, [JWKS]: typed(type) });
    expect(fetched.ok).toBe(true);
  });
  test.each([
    "text/html",
    "text/html; charset=utf-8",
    "application/xhtml+xml",
    "image/svg+xml",
    "text/javascript",
    "json",
  ])("%s is refused", async (type) => {
    const { fetched } = await fetchFrom({ [DISCOVERY]: discovery, [JWKS]: typed(type) });
    expect(fetched.ok ? "taken" : fetched.error.what).toMatch(/has a Content-Type that is not of JSON$/);
  });
});

describe("says what is wrong, and where", () => {
  const silence = () => new Promise<KeyFetchResponse>(() => undefined);
  test.each<[string, string, Page, string]>([
    [
      "another issuer",
      DISCOVERY,
      json({ issuer: `${ISSUER}/`, jwks_uri: JWKS }),
      "the discovery document is another issuer's",
    ],
    [
      "keys at another origin",
      DISCOVERY,
      json({ issuer: ISSUER, jwks_uri: "https://evil.example/keys" }),
      "the discovery document does not have its jwks_uri at the issuer's own origin",
    ],
    [
      "a redirect",
      DISCOVERY,
      () => new Response(null, { status: 302 }),
      "the discovery document answered with status 302",
    ],
    ["a list", DISCOVERY, json([]), "the discovery document sent a body that is not a JSON object"],
    ["silence", DISCOVERY, silence, "the discovery document did not answer in time"],
    ["404", JWKS, json({}, { status: 404 }), "the address of the keys answered with status 404"],
    [
      "a member twice",
      JWKS,
      () => new Response('{"keys":[],"keys":[]}'),
      "the address of the keys sent a body that has the same member twice",
    ],
    [
      "too many bytes",
      JWKS,
      () => new Response(" ".repeat(100 * 1024 + 1)),
      "the address of the keys sent more than 102400 bytes",
    ],
    ["no keys", JWKS, json({ keys: [] }), "the key set has no usable key"],
    ["101 keys", JWKS, json({ keys: Array(101).fill({}) }), "the key set has more than 100 keys"],
  ])("%s", async (_, at, page, what) => {
    const { fetched } = await fetchFrom({ [DISCOVERY]: discovery, [JWKS]: json(KEYS), [at]: page });
    expect(fetched).toMatchObject({ ok: false, error: { url: at, what } });
  });

  test("an address that may not be fetched, without asking it", async () => {
    const uri = "http://keys.example/a.json";
    const { fetched, requests } = await fetchFrom({ [uri]: json(KEYS) }, { from: "jwksURI", uri });
    expect(fetched).toMatchObject({
      ok: false,
      error: { url: uri, what: "the address of the keys is not an https address" },
    });
    expect(requests).toEqual([]);
  });

  test("and hands on what the network threw", async () => {
    const { fetched } = await fetchFrom({});
    expect(fetched).toMatchObject({
      ok: false,
      error: {
        url: DISCOVERY,
        what: "the discovery document could not be reached",
        thrown: { cause: { code: "ENOTFOUND" } },
      },
    });
  });
});
