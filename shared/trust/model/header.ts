/** The header that carries the assertion unless the application names another. */
export const ASSERTION_HEADER = "Svid-Jwt-Assertion";

/**
 * The form in which header names are compared: lower case, every other sign than a letter or a digit as `-`. CGI and
 * WSGI give an application the headers `X-Team`, `X_Team` and, of some servers, `X.Team` under one name (RFC 3875
 * §4.1.18), so that one could pose as the other.
 */
export function foldedHeaderName(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "-");
}

/** RFC 9110 §7.6.1, with the names that older software uses: for one connection, so never passed on. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "http2-settings",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Headers that belong to HTTP, to Cloudflare or to the gateway itself: no rewrite sets them. Folded. */
const RESERVED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  // RFC 9112 §6, RFC 9110 §8: how the body is framed and read.
  "content-encoding",
  "content-length",
  "content-type",
  "expect",
  "host",
  // What the gateway says of the request.
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-request-id",
  // What Cloudflare says of it, and what steers a Worker.
  "cdn-loop",
  "cloudflare-workers-version-overrides",
  "true-client-ip",
  "x-real-ip",
]);

/** Beginnings of names that are reserved as a whole. `cf-access-…` is not: applications read an assertion there. */
const RESERVED_STARTS = ["sec-websocket-", "cf-"];
const FREE_START = "cf-access-";

/** @param folded as `foldedHeaderName` gives it. */
export function isReservedHeader(folded: string): boolean {
  if (folded.startsWith(FREE_START)) return false;
  return RESERVED.has(folded) || RESERVED_STARTS.some((start) => folded.startsWith(start));
}

/** Printable ASCII, with blanks only inside: what every server reads alike (RFC 9110 §5.5). */
const VALUE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Judges a value that is, or is part of, one value of a header.
 *
 * @returns what is wrong, as the end of a sentence whose subject is the value.
 */
export function headerValueProblem(value: string): string | undefined {
  if (!VALUE.test(value)) return "holds what a header can't";
  // RFC 9110 §5.6.1: an application that reads a list would see several values.
  return value.includes(",") ? "holds a comma, which separates the values of a header" : undefined;
}
