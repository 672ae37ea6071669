import { foldedHeaderName, HOP_BY_HOP } from "../../shared/trust/model/header.ts";

/** Headers that an application would believe of its gateway, or that steer a Worker, by their folded names. */
const OF_THE_GATEWAY: ReadonlySet<string> = new Set([
  "authorization",
  "forwarded",
  "x-spiffe-id",
  "x-request-id",
  "teleport-jwt-assertion",
  // Nobody but Cloudflare's edge says who the client is and which Worker asks.
  "x-real-ip",
  "true-client-ip",
  "cf-worker",
  // Chooses the version of a Worker (Cloudflare, gradual deployments), so also of one behind a service binding.
  "cloudflare-workers-version-overrides",
  // The runtime has answered it before the Worker saw the request.
  "expect",
]);

/** Beginnings of the names by which gateways tell an application who calls: none of them is the caller's to send. */
const ASSERTING_STARTS = [
  "x-forwarded-",
  "cf-access-",
  "x-auth-request-",
  "x-pomerium-",
  "x-goog-iap-",
  "x-goog-authenticated-user-",
  "x-amzn-oidc-",
  "x-ms-client-principal",
  "x-remote-",
  "remote-user",
  "x-webauth-",
  "tailscale-",
  "ssl-client-",
  "x-ssl-client-",
  "x-client-cert",
];

/**
 * Takes off a request what its caller may not tell an application: what is for one connection, also by the word of its
 * `Connection` header, what gateways assert, and what the application gets from this gateway alone.
 *
 * @param own the headers that the gateway sets for the application, by their folded names.
 */
export function takeOff(headers: Headers, own: ReadonlySet<string>): void {
  const named = namedByConnection(headers);
  for (const name of [...headers.keys()]) {
    const folded = foldedHeaderName(name);
    if (named.has(name) || isTakenOff(folded) || own.has(folded)) headers.delete(name);
  }
}

function isTakenOff(folded: string): boolean {
  if (HOP_BY_HOP.has(folded) || OF_THE_GATEWAY.has(folded)) return true;
  return ASSERTING_STARTS.some((start) => folded.startsWith(start));
}

/** RFC 9110 §7.6.1: the sender names there what is for the connection. */
function namedByConnection(headers: Headers): ReadonlySet<string> {
  const value = headers.get("connection");
  if (value === null) return NONE;
  return new Set(value.split(",").map((name) => name.trim().toLowerCase()));
}

const NONE: ReadonlySet<string> = new Set();
