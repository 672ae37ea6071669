import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER } from "../../../local/trust-document.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";
import { authorities } from "../../stage/spiffe-validator.ts";

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.close());

const DOCUMENTS = [
  "/.well-known/openid-configuration",
  "/.well-known/oauth-authorization-server",
  "/.well-known/jwks.json",
  "/.well-known/spiffe-bundle.json",
];

type Fields = Record<string, unknown>;
const read = async (path: string) => (await exchange.fetch(path)).json() as Promise<Fields>;

describe.each(DOCUMENTS)("%s", (path) => {
  test("is JSON that may be cached and read from anywhere", async () => {
    const response = await exchange.fetch(path);
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toMatch(/^application\/json/);
    expect(response.headers.get("cache-control")).toBe("public, max-age=300");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("etag")).toMatch(/^"[0-9a-f]{32}"$/);
    await response.text();
  });

  test("answers HEAD with the same headers and no body", async () => {
    const [get, head] = [await exchange.fetch(path), await exchange.fetch(path, { method: "HEAD" })];
    expect(head.status).toBe(200);
    expect(head.headers.get("etag")).toBe(get.headers.get("etag"));
    expect([await head.text(), (await get.text()).length > 0]).toEqual(["", true]);
  });

  test("answers 304 to who has it already, and 200 to who has another", async () => {
    const etag = (await exchange.fetch(path)).headers.get("etag") ?? "";
    const conditional = (value: string) => exchange.fetch(path, { headers: { "if-none-match": value } });
    for (const value of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const response = await conditional(value);
      expect([response.status, response.headers.get("etag"), await response.text()]).toEqual([304, etag, ""]);
    }
    expect((await conditional('"other"')).status).toBe(200);
  });

  test("answers other methods with 405 and Allow", async () => {
    const response = await exchange.fetch(path, { method: "POST", body: "x" });
    expect([response.status, response.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    expect(await response.json()).toMatchObject({ code: "method_not_allowed" });
  });
});

test("the OpenID configuration has what the strictest relying parties look for", async () => {
  expect(await read("/.well-known/openid-configuration")).toEqual({
    issuer: OUR_ISSUER,
    jwks_uri: `${OUR_ISSUER}/.well-known/jwks.json`,
    token_endpoint: `${OUR_ISSUER}/token`,
    authorization_endpoint: `${OUR_ISSUER}/authorize`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256", "ES256"],
    claims_supported: ["iss", "sub", "aud", "exp", "iat", "jti"],
    grant_types_supported: ["urn:ietf:params:oauth:grant-type:token-exchange"],
  });
});

test("the authorization server metadata names the token endpoint, the grant and the trust domain (RFC 8414)", async () => {
  expect(await read("/.well-known/oauth-authorization-server")).toMatchObject({
    issuer: OUR_ISSUER,
    token_endpoint: `${OUR_ISSUER}/token`,
    grant_types_supported: ["urn:ietf:params:oauth:grant-type:token-exchange"],
    token_endpoint_auth_methods_supported: ["none"],
    spiffe_trust_domain: "ci.example.org",
  });
});

test("the JWKS has signing keys of both algorithms and exactly the members that GCP allows to be pasted", async () => {
  const { keys } = (await read("/.well-known/jwks.json")) as { keys: Fields[] };
  for (const key of keys) {
    const material = key["kty"] === "EC" ? ["crv", "x", "y"] : ["n", "e"];
    expect(Object.keys(key).sort()).toEqual(["alg", "kid", "kty", "use", ...material].sort());
    expect(key["use"]).toBe("sig");
  }
  expect(new Set(keys.map((key) => key["alg"]))).toEqual(new Set(["ES256", "RS256"]));
});

test("the bundle passes SPIRE's reading and holds the keys of the JWKS", async () => {
  const bundle = await read("/.well-known/spiffe-bundle.json");
  const { keys } = (await read("/.well-known/jwks.json")) as { keys: Fields[] };
  expect([...authorities(bundle).keys()].sort()).toEqual(keys.map((key) => key["kid"]).sort());
  expect(bundle["spiffe_refresh_hint"]).toBe(300);
  expect(Object.keys(bundle).sort()).toEqual(["keys", "spiffe_refresh_hint", "spiffe_sequence"]);
});

test("health tells the configuration, the signing keys and the upstream keys, and no secret", async () => {
  await exchange.exchange(await exchange.github.token(OUR_ISSUER, now()));
  const response = await exchange.fetch("/healthz");
  const text = await response.text();
  expect(response.status, text).toBe(200);
  const health = JSON.parse(text);
  expect(health).toMatchObject({
    status: "ok",
    config: { version: expect.any(String), age_seconds: expect.any(Number) },
    upstream_keys: { ages_seconds: [expect.any(Number)] },
  });
  expect(text).not.toMatch(/"d"|"p"|private|ciphertext|BwcHBwcH/);
  expect(text).not.toMatch(/github|gitlab/);
});

test("an unknown path is 404 in the shape of every other refusal", async () => {
  const response = await exchange.fetch("/nothing");
  expect(response.status).toBe(404);
  expect(await response.json()).toMatchObject({ code: "not_found", request_id: expect.any(String) });
});

test("without a trust document every document is 503 with Retry-After, and no key set is empty", async () => {
  const bare = await startExchange({ trust: null });
  try {
    for (const path of [...DOCUMENTS, "/healthz"]) {
      const response = await bare.fetch(path);
      const body = (await response.json()) as Fields;
      expect(response.status).toBe(503);
      expect(body).not.toHaveProperty("keys");
      if (path !== "/healthz") expect(response.headers.get("retry-after")).toMatch(/^\d+$/);
    }
  } finally {
    await bare.close();
  }
});

describe("an issuer with a path", () => {
  test("is served below its path, and where RFC 8414 puts the metadata", async () => {
    const issuer = `${OUR_ISSUER}/ci/svid`;
    const nested = await startExchange({ trust: (document) => ({ ...document, issuer }) });
    try {
      const { jwks_uri } = (await (
        await nested.fetch("/ci/svid/.well-known/openid-configuration")
      ).json()) as {
        jwks_uri: string;
      };
      expect(jwks_uri).toBe(`${issuer}/.well-known/jwks.json`);
      for (const path of [
        "/ci/svid/.well-known/jwks.json",
        "/.well-known/oauth-authorization-server/ci/svid",
        "/.well-known/openid-configuration/ci/svid",
      ]) {
        expect((await nested.fetch(path)).status, path).toBe(200);
      }
    } finally {
      await nested.close();
    }
  });
});
