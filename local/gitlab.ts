import { randomUUID } from "node:crypto";
import { fixtureClaims } from "../shared/trust/tools/fixtures.ts";
import { createProviderKey, type ProviderKey } from "./provider-keys.ts";

type Claims = Readonly<Record<string, unknown>>;

/**
 * A local stand-in for GitLab: discovery, the JWKS that mixes the CI key with the key of user logins and may be cached
 * for a day, and ID tokens that live as long as the job may run (`nbf = iat - 5`).
 */
export interface GitlabIssuer {
  readonly issuer: string;
  readonly key: ProviderKey;
  /** Signs "Sign in with GitLab" tokens: in the same JWKS, but never a CI job's. */
  readonly loginKey: ProviderKey;
  claims(audience: unknown, now: number, overrides?: Claims): Claims;
  /** The value of one `id_tokens` variable of a job that starts now. */
  token(audience: unknown, now: number, overrides?: Claims): Promise<string>;
  handle(request: Request): Promise<Response>;
}

export async function createGitlabIssuer(issuer: string): Promise<GitlabIssuer> {
  const loginKey = await createProviderKey("4i3sFE7sxqNPOT7FdvcGA1ZVGGI_r-tsDXnEuYT4ZqE");
  const key = await createProviderKey("kR3xT1v0bqZ8yPp5mJ2nC7wL4sHf9uGaXeD6oVtKiY0");
  const gitlab: GitlabIssuer = {
    issuer,
    key,
    loginKey,
    claims: (audience, now, overrides = {}) => ({ ...jobClaims(issuer, audience, now), ...overrides }),
    token: (audience, now, overrides) => key.sign(gitlab.claims(audience, now, overrides)),
    handle: async (request) => answer(gitlab, new URL(request.url).pathname),
  };
  return gitlab;
}

function answer({ issuer, loginKey, key }: GitlabIssuer, path: string): Response {
  const cached = { headers: { "cache-control": "max-age=86400, public, must-revalidate, no-transform" } };
  if (path === "/.well-known/openid-configuration") return Response.json(discovery(issuer), cached);
  if (path === "/oauth/discovery/keys") {
    return Response.json({ keys: [loginKey.publicJwk, key.publicJwk] }, cached);
  }
  return new Response("Not Found", { status: 404 });
}

function discovery(issuer: string): Claims {
  return {
    issuer,
    authorization_endpoint: `${issuer}/oauth/authorize`,
    token_endpoint: `${issuer}/oauth/token`,
    jwks_uri: `${issuer}/oauth/discovery/keys`,
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["RS256"],
  };
}

/** A push to a protected branch, deploying to a protected environment. */
function jobClaims(issuer: string, audience: unknown, now: number): Claims {
  return {
    ...fixtureClaims("gitlab/environment", issuer),
    jti: randomUUID(),
    aud: audience,
    iat: now,
    nbf: now - 5,
    exp: now + 3600,
  };
}
