import { randomUUID } from "node:crypto";
import { fixtureClaims } from "../shared/trust/tools/fixtures.ts";
import { createProviderKey, type ProviderKey } from "./provider-keys.ts";

type Claims = Readonly<Record<string, unknown>>;

/**
 * A local stand-in for GitHub's token service: the same discovery path, JWKS shape, header members, claims and
 * lifetimes (`exp = iat + 300`, `nbf = iat - 600`), and the runner's request protocol.
 */
export interface GithubIssuer {
  readonly issuer: string;
  readonly key: ProviderKey;
  /** The bearer token that a runner holds as ACTIONS_ID_TOKEN_REQUEST_TOKEN. */
  readonly requestToken: string;
  /** What a runner holds as ACTIONS_ID_TOKEN_REQUEST_URL. Like GitHub's, it already has a query string. */
  readonly requestUrl: string;
  claims(audience: string, now: number, overrides?: Claims): Claims;
  token(audience: string, now: number, overrides?: Claims): Promise<string>;
  /** Answers what GitHub answers; `now` in Unix seconds. */
  handle(request: Request, now: number): Promise<Response>;
}

const THUMBPRINT = "q0VbL1x0dJk2m8bC7yH5s3ZpR9w";

export async function createGithubIssuer(issuer: string): Promise<GithubIssuer> {
  const key = await createProviderKey(randomUUID());
  const older = await createProviderKey("4B0F1C2D3E4F5061728394A5B6C7D8E9F0A1B2C3");
  const requestToken = randomUUID();
  const github: GithubIssuer = {
    issuer,
    key,
    requestToken,
    requestUrl: `${issuer}/_apis/pipelines/workflows/1/idtoken?api-version=2.0`,
    claims: (audience, now, overrides = {}) => ({ ...jobClaims(issuer, audience, now), ...overrides }),
    token: (audience, now, overrides) =>
      key.sign(github.claims(audience, now, overrides), { x5t: THUMBPRINT }),
    handle: (request, now) => answer(github, [key, older], request, now),
  };
  return github;
}

async function answer(github: GithubIssuer, keys: readonly ProviderKey[], request: Request, now: number) {
  const url = new URL(request.url);
  const path = url.pathname.replace(new URL(github.issuer).pathname.replace(/\/$/, ""), "");
  if (path === "/.well-known/openid-configuration") return Response.json(discovery(github.issuer));
  if (path === "/.well-known/jwks") return Response.json({ keys: keys.map((key) => key.publicJwk) });
  if (path === "/_apis/pipelines/workflows/1/idtoken") return mint(github, request, url, now);
  return new Response("Not Found", { status: 404 });
}

async function mint(github: GithubIssuer, request: Request, url: URL, now: number): Promise<Response> {
  if (request.headers.get("authorization")?.toLowerCase() !== `bearer ${github.requestToken}`) {
    return new Response("Unauthorized", { status: 401 });
  }
  const audience = url.searchParams.get("audience") ?? "https://github.com/brightfen";
  return Response.json({ count: 0, value: await github.token(audience, now) });
}

function discovery(issuer: string): Claims {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks`,
    subject_types_supported: ["public", "pairwise"],
    response_types_supported: ["id_token"],
    claims_supported: ["sub", "aud", "exp", "iat", "iss", "jti", "nbf", "ref", "sha", "repository"],
    id_token_signing_alg_values_supported: ["RS256"],
    scopes_supported: ["openid"],
  };
}

/** A push to a branch, deploying to an environment through a reusable workflow; `sub` in its immutable form. */
function jobClaims(issuer: string, audience: string, now: number): Claims {
  return {
    ...fixtureClaims("github/reusable-workflow", issuer),
    enterprise: "brightfen-group",
    enterprise_id: "48211",
    environment_node_id: "EN_kwDOUAAAAM8AAAACexampl",
    repo_property_team: "payments",
    repo_property_regions: "eu-west-1,us-east-1",
    jti: randomUUID(),
    aud: audience,
    iat: now,
    nbf: now - 600,
    exp: now + 300,
  };
}
