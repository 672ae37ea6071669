import { IttyRouter } from "itty-router/IttyRouter";
import { deny } from "../../shared/denial.ts";
import { applicationOf } from "../gateway/application-request.ts";
import { serveApplication } from "./application.ts";
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

/** What the router reads of a request: the path is cut before, so that the router sees no issuer's path. */
type Routed = Pick<Request, "method" | "url">;

const router = IttyRouter();
for (const [path, { methods, serve }] of ENDPOINTS) {
  router.all(path, (_: Routed, call: Call) =>
    methods.includes(call.request.method) ? serve(call) : methodNotAllowed(call, methods.join(", ")),
  );
}
const NOTHING_HERE = deny("not_found", "There is nothing at this path.");
// Without a trust document nobody knows whether the host is an application's.
router.all("*", (_: Routed, { trust, requestId }: Call) =>
  respondDenial(trust.ok ? NOTHING_HERE : trust.error, requestId),
);

/**
 * Finds what serves a request: an application, where `Host` names one, or else an endpoint of the exchange. The issuer
 * may have a path of its own, under which everything is served.
 */
export function route(call: Call): Promise<Response> {
  const { request, trust } = call;
  if (!URL.canParse(request.url)) return refuseTarget(call);
  const application = trust.ok ? applicationOf(trust.value.config, request) : undefined;
  if (trust.ok && application !== undefined) return serveApplication(call, application, trust.value);
  const issuerPath = trust.ok ? trust.value.issuerPath : "";
  return router.fetch({ method: request.method, url: servedUrl(request.url, issuerPath) }, call);
}

/** Where a request has two Host headers, for example, the runtime makes a URL of both. */
async function refuseTarget({ requestId }: Call): Promise<Response> {
  return respondDenial(
    deny("request_target_refused", "The request has no address that is a URL."),
    requestId,
  );
}

async function methodNotAllowed({ requestId }: Call, allow: string): Promise<Response> {
  return respondDenial(deny("method_not_allowed", `This path answers ${allow} only.`), requestId, { allow });
}

function servedUrl(url: string, issuerPath: string): string {
  if (issuerPath === "") return url;
  const served = new URL(url);
  served.pathname = withoutIssuer(served.pathname, issuerPath);
  return served.href;
}

/** Takes the issuer's path out: it leads (OpenID Connect Discovery §4) or ends (RFC 8414 §3.1) a well-known path. */
function withoutIssuer(path: string, issuerPath: string): string {
  if (path.startsWith(`${issuerPath}/`)) return path.slice(issuerPath.length);
  if (path.startsWith("/.well-known/") && path.endsWith(issuerPath)) return path.slice(0, -issuerPath.length);
  return path;
}
