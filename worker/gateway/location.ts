import type { Target } from "./application-request.ts";

/** A reference that names a host, with its scheme or without (RFC 3986 §4.2). Browsers take `\` for `/`. */
const NAMES_A_HOST = /^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i;

/**
 * The `Location` of an origin's answer as the caller can follow it: an address at the origin's own host, by http or
 * https, becomes one at the application's. Any other stays as it is.
 */
export function locationFor(location: string, { url, base }: Target): string {
  if (!NAMES_A_HOST.test(location)) return location;
  const [named, origin] = [URL.parse(location, url), new URL(url)];
  if (named === null || named.host !== origin.host || !/^https?:$/.test(named.protocol)) return location;
  return `${base}${named.pathname}${named.search}${named.hash}`;
}
