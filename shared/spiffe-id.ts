import { err, ok, type Result } from "./result.ts";

declare const trustDomainBrand: unique symbol;
declare const spiffeIdBrand: unique symbol;

/** A trust domain name, lower case, without the scheme (SPIFFE-ID §2.1). Made only by `parseTrustDomain`. */
export type TrustDomain = string & { readonly [trustDomainBrand]: true };

/** The SPIFFE ID of a workload, in its canonical form (SPIFFE-ID §2). Made only by `parseSpiffeId`. */
export type SpiffeId = string & { readonly [spiffeIdBrand]: true };

/** SPIFFE-ID §2.3: a trust domain name of up to 255 bytes, an ID of up to 2048. */
export const MAX_TRUST_DOMAIN_BYTES = 255;
export const MAX_SPIFFE_ID_BYTES = 2048;

const SCHEME = "spiffe://";
const TRUST_DOMAIN = /^[a-z0-9._-]+$/;
const SEGMENT = /^[A-Za-z0-9._-]+$/;
/** SPIRE keeps this first segment for its own agents and servers. */
const RESERVED_FIRST_SEGMENT = "spire";

/** @returns the trust domain, or the broken rule as a sentence without the value. */
export function parseTrustDomain(text: string): Result<TrustDomain, string> {
  if (text === "") return err("the trust domain is empty (SPIFFE-ID 2.1)");
  if (text.length > MAX_TRUST_DOMAIN_BYTES)
    return err("the trust domain is longer than 255 bytes (SPIFFE-ID 2.3)");
  if (!TRUST_DOMAIN.test(text)) {
    return err("a trust domain may hold only a-z, 0-9, '.', '-' and '_' (SPIFFE-ID 2.1)");
  }
  return ok(text as TrustDomain);
}

/** @returns the broken rule of SPIFFE-ID §2.2 for one path segment, or `undefined` where the segment is good. */
export function segmentProblem(segment: string): string | undefined {
  if (segment === "") return "a path segment is empty (SPIFFE-ID 2.2)";
  if (segment === "." || segment === "..") return "a path segment is '.' or '..' (SPIFFE-ID 2.2)";
  if (!SEGMENT.test(segment)) {
    return "a path segment may hold only letters, digits, '.', '-' and '_' (SPIFFE-ID 2.2)";
  }
  return undefined;
}

/**
 * Parses the ID of a workload: a member of a trust domain, so its path is not empty, and outside the path that SPIRE
 * reserves. Only the canonical, lower-case form of scheme and trust domain is taken (SPIFFE-ID §2.4, as go-spiffe).
 *
 * @returns the ID, or the broken rule as a sentence without the value.
 */
export function parseSpiffeId(text: string): Result<SpiffeId, string> {
  if (text.length > MAX_SPIFFE_ID_BYTES)
    return err("the SPIFFE ID is longer than 2048 bytes (SPIFFE-ID 2.3)");
  if (!text.startsWith(SCHEME)) return err("a SPIFFE ID starts with spiffe:// (SPIFFE-ID 2)");
  const [authority = "", ...segments] = text.slice(SCHEME.length).split("/");
  const trustDomain = parseTrustDomain(authority);
  if (!trustDomain.ok) return trustDomain;
  const problem = pathProblem(segments);
  return problem === undefined ? ok(text as SpiffeId) : err(problem);
}

export function trustDomainOf(id: SpiffeId): TrustDomain {
  return id.slice(SCHEME.length, id.indexOf("/", SCHEME.length)) as TrustDomain;
}

function pathProblem(segments: readonly string[]): string | undefined {
  if (segments.length === 0) return "the SPIFFE ID of a workload needs a path";
  if (segments[0] === RESERVED_FIRST_SEGMENT) return "the path /spire is reserved by SPIRE";
  for (const segment of segments) {
    const problem = segmentProblem(segment);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
