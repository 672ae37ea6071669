import { JwtVerifier } from "aws-jwt-verify";
import { decodeJwt, decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../../local/clock.ts";
import { OUR_ISSUER } from "../../../local/trust-document.ts";
import { type Exchange, startExchange } from "../../stage/exchange.ts";
import { validateJwtSvid } from "../../stage/spiffe-validator.ts";

const VAULT = "https://vault.example.org";
const ENTRA = "api://AzureADTokenExchange";

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange();
});
afterAll(() => exchange.close());

const json = async (path: string) => (await exchange.fetch(path)).json() as Promise<Record<string, unknown>>;

async function exchanged(token: string, audience = VAULT) {
  const response = await exchange.exchange(token, { audience });
  const body = (await response.json()) as Record<string, string>;
  expect(response.status, JSON.stringify(body)).toBe(200);
  return { response, body, svid: body["access_token"] ?? "" };
}

const JOBS = {
  "a GitHub job": {
    token: () => exchange.github.token(OUR_ISSUER, now()),
    audience: VAULT,
    algorithm: "ES256",
    ttl: 300,
    policy: "github-deploy",
    spiffeId: "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production",
    claims: { repository: "brightfen/orders-api", run_id: "19843377210", roles: ["deployer"] },
  },
  "a GitHub job for an audience that takes only RS256": {
    token: () => exchange.github.token(OUR_ISSUER, now()),
    audience: ENTRA,
    algorithm: "RS256",
    ttl: 300,
    policy: "github-deploy",
    spiffeId: "spiffe://ci.example.org/github/1342205517/brightfen/orders-api/env/production",
    claims: { repository: "brightfen/orders-api", run_id: "19843377210", roles: ["deployer"] },
  },
  "a GitLab job": {
    token: () => exchange.gitlab.token(OUR_ISSUER, now()),
    audience: VAULT,
    algorithm: "ES256",
    ttl: 600,
    policy: "gitlab-deploy",
    spiffeId: "spiffe://ci.example.org/gitlab/74210093/env/production",
    claims: { project: "fernway/platform/billing", runner: 12270852 },
  },
};

describe.each(Object.entries(JOBS))("%s", (_, job) => {
  test("gets a JWT-SVID with exactly the header and claims of the contract", async () => {
    const { response, body, svid } = await exchanged(await job.token(), job.audience);
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_type: "N_A",
      expires_in: job.ttl,
      spiffe_id: job.spiffeId,
      audience: job.audience,
      policy: job.policy,
      config_version: expect.stringMatching(/^[0-9a-f]{16,}$/),
    });
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("pragma")).toBe("no-cache");
    expect(decodeProtectedHeader(svid)).toEqual({
      alg: job.algorithm,
      kid: expect.stringMatching(/^[\w-]{43}$/),
      typ: "JWT",
    });
    const claims = decodeJwt(svid);
    expect(claims).toEqual({
      iss: OUR_ISSUER,
      sub: job.spiffeId,
      aud: job.audience,
      iat: expect.any(Number),
      exp: (claims.iat ?? 0) + job.ttl,
      jti: expect.stringMatching(/^.{22,}$/),
      ...job.claims,
    });
    expect(Math.abs((claims.iat ?? 0) - now())).toBeLessThan(10);
  });

  test("is believed by aws-jwt-verify, which did not mint it", async () => {
    const { svid } = await exchanged(await job.token(), job.audience);
    const verifier = JwtVerifier.create({
      issuer: OUR_ISSUER,
      audience: job.audience,
      jwksUri: `${OUR_ISSUER}/.well-known/jwks.json`,
    });
    verifier.cacheJwks((await json("/.well-known/jwks.json")) as never);
    const payload = await verifier.verify(svid);
    expect(payload.sub).toBe(job.spiffeId);
    const tampered = svid.replace(/\.[^.]*\./, `.${Buffer.from('{"sub":"x"}').toString("base64url")}.`);
    await expect(verifier.verify(tampered)).rejects.toThrow(/signature/i);
  });

  test("is believed by a SPIFFE validator with the bundle alone", async () => {
    const { svid } = await exchanged(await job.token(), job.audience);
    const bundle = await json("/.well-known/spiffe-bundle.json");
    expect(validateJwtSvid(svid, bundle, job.audience, now()).sub).toBe(job.spiffeId);
    expect(() => validateJwtSvid(svid, bundle, "https://other.example.org", now())).toThrow(/audience/);
    expect(() => validateJwtSvid(`${svid.slice(0, -8)}AAAAAAAA`, bundle, job.audience, now())).toThrow(
      /signature/,
    );
  });
});

test("two SVIDs never share a jti", async () => {
  const both = await Promise.all(
    [1, 2].map(async () => exchanged(await exchange.github.token(OUR_ISSUER, now()))),
  );
  expect(new Set(both.map(({ svid }) => decodeJwt(svid).jti)).size).toBe(2);
});

test("a dry run says what would be minted, signs nothing and uses nothing up", async () => {
  const token = await exchange.github.token(OUR_ISSUER, now());
  const dry = await exchange.exchange(token, { audience: VAULT, dryRun: true });
  expect(dry.status).toBe(200);
  expect(await dry.json()).toEqual({
    dry_run: true,
    expires_in: 300,
    spiffe_id: JOBS["a GitHub job"].spiffeId,
    audience: VAULT,
    policy: "github-deploy",
    config_version: expect.any(String),
  });
  expect((await exchange.exchange(token, { audience: VAULT, dryRun: true })).status).toBe(200);
  await exchanged(token);
});

test("a policy may be named, and the only audience of a policy may be left out", async () => {
  const response = await exchange.exchange(await exchange.gitlab.token(OUR_ISSUER, now()), {
    policy: "gitlab-deploy",
  });
  expect(await response.json()).toMatchObject({ policy: "gitlab-deploy", audience: VAULT });
});

test("the first exchanges of a fresh deployment, all at once, agree on one key ring", async () => {
  await exchange.reset();
  const tokens = await Promise.all([1, 2, 3, 4].map(() => exchange.github.token(OUR_ISSUER, now())));
  const svids = await Promise.all(tokens.map((token) => exchanged(token)));
  expect(new Set(svids.map(({ svid }) => decodeProtectedHeader(svid).kid)).size).toBe(1);
});

test("a warm exchange asks the issuer for nothing", async () => {
  await exchanged(await exchange.github.token(OUR_ISSUER, now()));
  const before = exchange.requests.length;
  await exchanged(await exchange.github.token(OUR_ISSUER, now()));
  expect(exchange.requests.slice(before)).toEqual([]);
});
