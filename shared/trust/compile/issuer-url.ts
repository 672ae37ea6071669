import { isConfidential, isLoopback } from "../../loopback.ts";

/** Names that never leave a private network (RFC 6761, RFC 6762, RFC 8375, ICANN's `.internal`). */
const PRIVATE_SUFFIXES = [
  ".localhost",
  ".internal",
  ".local",
  ".home.arpa",
  ".lan",
  ".intranet",
  ".corp",
  ".home",
];

const EXAMPLE = "write one such as https://ci.example.org";

/** What to write instead of an address that the Worker can't reach safely, as the end of a sentence. */
interface Advice {
  readonly notEncrypted: string;
  readonly notPublic: string;
}

const ADVICE_ON_KEYS: Advice = {
  notEncrypted: "write the keys inline with jwks",
  notPublic: "write the keys inline with jwks, or a public jwksURI",
};

/**
 * Judges an address that the Worker would fetch: https, a public name, no credentials, no fragment. Plain http is taken
 * on loopback, for local work. What a name resolves to is the runtime's to check.
 *
 * @returns what is wrong, as the end of a sentence that says what to write.
 */
export function fetchedUrlProblem(address: string, advice = ADVICE_ON_KEYS): string | undefined {
  const url = parseUrl(address);
  if (url === undefined) return `is not a URL; ${EXAMPLE}`;
  if (url.username !== "" || url.password !== "") return "has a user name or a password; remove them";
  if (!address.startsWith(url.origin)) return `is not in its canonical form; write ${canonicalForm(url)}`;
  if (address.includes("#")) return "has a fragment; remove it";
  if (isLoopback(url.hostname))
    return url.protocol === "http:" ? undefined : "is on loopback; write http:// for local work";
  if (url.protocol !== "https:") return `is not https; write https://, or ${advice.notEncrypted}`;
  return hostProblem(url.hostname, advice);
}

/** Judges the issuer that a discovery document is looked up for: an address to fetch without a query (OIDC Discovery §3). */
export function discoveredIssuerProblem(issuer: string): string | undefined {
  return fetchedUrlProblem(issuer) ?? (issuer.includes("?") ? "has a query; remove it" : undefined);
}

/** Judges our own `iss`: what relying parties append `/.well-known/openid-configuration` to, byte for byte. */
export function ownIssuerProblem(issuer: string): string | undefined {
  const url = parseUrl(issuer);
  if (url === undefined) return `is not a URL; ${EXAMPLE}`;
  if (!isConfidential(url)) {
    return "is not https; write https:// (http:// only on loopback)";
  }
  if (url.username !== "" || url.password !== "") return "has a user name or a password; remove them";
  if (/[?#]/.test(issuer)) return "has a query or a fragment; remove it";
  if (issuer.endsWith("/")) return "ends with a slash; remove it";
  return canonicalForm(url) === issuer
    ? undefined
    : `is not in its canonical form; write ${canonicalForm(url)}`;
}

function hostProblem(host: string, { notPublic }: Advice): string | undefined {
  if (/^\[|^[0-9.]+$/.test(host)) return "has an IP address instead of a host name; write a public host name";
  if (host.endsWith(".")) return "has a host name that ends with a dot; remove the dot";
  if (!host.includes("."))
    return "has a host name of one label, which is not a public name; write the full name";
  if (PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))) {
    return `has a private host name; ${notPublic}`;
  }
  return undefined;
}

function canonicalForm(url: URL): string {
  return url.pathname === "/" ? url.origin : url.origin + url.pathname;
}

function parseUrl(address: string): URL | undefined {
  return URL.canParse(address) ? new URL(address) : undefined;
}
