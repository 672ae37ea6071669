import { deny } from "../../shared/denial.ts";
import type { Call } from "./call.ts";
import { serveAuthorizationServer, serveBundle, serveJwks, serveOpenidConfiguration } from "./documents.ts";
import { serveHealth } from "./health.ts";
import { respondDenial } from "./respond.ts";
import { serveToken } from "./token.ts";

/** What a path serves, and by which methods. */
interface Endpoint {
  readonly methods: readonly string[];
  readonly serve: (call: Call) => Promise<Response>;
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map([
  ["/token", { methods: ["POST"], serve: serveToken }],
  ["/.well-known/openid-configuration", readable(serveOpenidConfiguration)],
  ["/.well-known/oauth-authorization-server", readable(serveAuthorizationServer)],
  ["/.well-known/jwks.json", readable(serveJwks)],
  ["/.well-known/spiffe-bundle.json", readable(serveBundle)],
  ["/healthz", readable(serveHealth)],
]);

function readable(serve: Endpoint["serve"]): Endpoint {
  return { methods: ["GET", "HEAD"], serve };
}

/** Finds the endpoint. The issuer may have a path of its own, under which everything is served. */
export async function route(call: Call): Promise<Response> {
  const { request, requestId, trust } = call;
  const issuerPath = trust.ok ? trust.value.issuerPath : "";
  const endpoint = ENDPOINTS.get(servedPath(new URL(request.url).pathname, issuerPath));
  if (endpoint === undefined) {
    return respondDenial(deny("not_found", "There is nothing at this path."), requestId);
  }
  if (endpoint.methods.includes(request.method)) return endpoint.serve(call);
  const allow = endpoint.methods.join(", ");
  return respondDenial(deny("method_not_allowed", `This path answers ${allow} only.`), requestId, { allow });
}

/**
 * Takes the issuer's path out: it leads (OpenID Connect Discovery §4) or ends (RFC 8414 §3.1) a well-known path. Slashes
 * at the end of a path do not count.
 */
function servedPath(path: string, issuerPath: string): string {
  return withoutIssuer(path, issuerPath).replace(/(?<!\/)\/+$/, "");
}

function withoutIssuer(path: string, issuerPath: string): string {
  if (path.startsWith(`${issuerPath}/`)) return path.slice(issuerPath.length);
  if (path.startsWith("/.well-known/") && path.endsWith(issuerPath)) return path.slice(0, -issuerPath.length);
  return path;
}
