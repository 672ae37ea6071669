import { IttyRouter } from "itty-router/IttyRouter";
import { deny } from "../../shared/denial.ts";
import type { Call } from "./call.ts";
import { serveAuthorizationServer, serveBundle, serveJwks, serveOpenidConfiguration } from "./documents.ts";
import { serveHealth } from "./health.ts";
import { respondDenial } from "./respond.ts";
import { serveToken } from "./token.ts";

type Endpoint = (call: Call) => Promise<Response>;
type Routed = { readonly method: string; readonly url: string };

const DOCUMENTS: Readonly<Record<string, Endpoint>> = {
  "/.well-known/openid-configuration": serveOpenidConfiguration,
  "/.well-known/oauth-authorization-server": serveAuthorizationServer,
  "/.well-known/jwks.json": serveJwks,
  "/.well-known/spiffe-bundle.json": serveBundle,
  "/healthz": serveHealth,
};

const router = IttyRouter();
router.post("/token", (_: Routed, call: Call) => serveToken(call));
router.all("/token", (_: Routed, call: Call) => methodNotAllowed(call, "POST"));
for (const [path, endpoint] of Object.entries(DOCUMENTS)) {
  router.get(path, (_: Routed, call: Call) => endpoint(call));
  router.head(path, (_: Routed, call: Call) => endpoint(call));
  router.all(path, (_: Routed, call: Call) => methodNotAllowed(call, "GET, HEAD"));
}
router.all("*", (_: Routed, call: Call) =>
  respondDenial(deny("not_found", "There is nothing at this path."), call.requestId),
);

/** Finds the endpoint. The issuer may have a path of its own, under which everything is served. */
export function route(call: Call): Promise<Response> {
  const issuerPath = call.trust.ok ? call.trust.value.issuerPath : "";
  return router.fetch({ method: call.request.method, url: servedUrl(call.request.url, issuerPath) }, call);
}

function servedUrl(url: string, issuerPath: string): string {
  if (issuerPath === "") return url;
  const served = new URL(url);
  served.pathname = servedPath(served.pathname, issuerPath);
  return served.href;
}

/** Takes the issuer's path out: it leads (OpenID Connect Discovery §4) or ends (RFC 8414 §3.1) a well-known path. */
export function servedPath(path: string, issuerPath: string): string {
  if (path.startsWith(`${issuerPath}/`)) return path.slice(issuerPath.length);
  if (path.startsWith("/.well-known/") && path.endsWith(issuerPath)) return path.slice(0, -issuerPath.length);
  return path;
}

async function methodNotAllowed(call: Call, allow: string): Promise<Response> {
  const denial = deny("method_not_allowed", `This path answers ${allow} only.`);
  return respondDenial(denial, call.requestId, { allow });
}
