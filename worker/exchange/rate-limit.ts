import type { RateLimit } from "@cloudflare/workers-types";
import type { VerifiedClaims } from "../../shared/claims.ts";
import { type Denial, deny } from "../../shared/denial.ts";
import type { AllowedIssuer, IssuerType } from "../../shared/trust/model/issuer.ts";
import { RATE_LIMIT_RETRY_SECONDS } from "../limits.ts";
import { createFloodingNetworks } from "./flooding-networks.ts";

/**
 * How often an address may be refused and a project may exchange, by bindings whose numbers are in `wrangler.toml`. Each
 * Cloudflare location counts for itself, and a little late, so the limits are loose: they save work, and no decision
 * relies on them. A binding that is left out or fails limits nothing.
 */
export interface RateLimits {
  /**
   * Spares the work for most requests of an address that has just had too many refusals. Nobody is asked, and an address
   * without refusals costs one look.
   *
   * @param now Unix seconds.
   * @returns the denial to answer with, before anything of the request is read.
   */
  turnAway(headers: Headers, now: number): Denial | undefined;
  /**
   * Counts one refused request of the caller's address, to the exchange or to an application. It is called for refusals
   * alone: CI runners share addresses, so the refusals of one job must not stop another job whose token verifies.
   *
   * @returns the denial that takes the place of the refusal, where the address has had too many.
   */
  refusedFrom(headers: Headers, now: number): Promise<Denial | undefined>;
  /**
   * Counts one exchange of a project: a repository of GitHub, a project of GitLab, a subject of any other issuer.
   *
   * @returns the denial, where the project has made too many.
   */
  exchangeOf(issuer: AllowedIssuer, claims: VerifiedClaims): Promise<Denial | undefined>;
  /** Counts one dry run of a project, apart from its exchanges: one token answers many, and must not shut others out. */
  dryRunOf(issuer: AllowedIssuer, claims: VerifiedClaims): Promise<Denial | undefined>;
}

export interface RateLimitBindings {
  readonly REFUSAL_LIMIT?: RateLimit;
  readonly EXCHANGE_LIMIT?: RateLimit;
}

/** The claim that identifies a project and never changes, by the issuer's type. */
const PROJECT_CLAIM: Readonly<Record<IssuerType, string>> = {
  github: "repository_id",
  gitlab: "project_id",
  jwt: "sub",
};

const TOO_MANY_REFUSALS = limited("Too many requests from this address were refused.");

export function createRateLimits({ REFUSAL_LIMIT, EXCHANGE_LIMIT }: RateLimitBindings): RateLimits {
  const flooding = createFloodingNetworks();
  return {
    turnAway(headers, now) {
      const caller = networkOf(headers);
      return caller !== undefined && flooding.turnsAway(caller, now) ? TOO_MANY_REFUSALS : undefined;
    },
    async refusedFrom(headers, now) {
      const caller = networkOf(headers);
      if (caller === undefined || (await isWithin(REFUSAL_LIMIT, caller))) return undefined;
      flooding.add(caller, now);
      return TOO_MANY_REFUSALS;
    },
    async exchangeOf(issuer, claims) {
      if (await isWithin(EXCHANGE_LIMIT, JSON.stringify(projectOf(issuer, claims)))) return undefined;
      return limited("This project has made too many exchanges.");
    },
    async dryRunOf(issuer, claims) {
      const key = JSON.stringify([...projectOf(issuer, claims), "dry_run"]);
      if (await isWithin(EXCHANGE_LIMIT, key)) return undefined;
      return limited("This project has made too many dry runs.");
    },
  };
}

function networkOf(headers: Headers): string | undefined {
  const address = headers.get("cf-connecting-ip");
  return address === null ? undefined : network(address);
}

function projectOf({ issuer, type }: AllowedIssuer, claims: VerifiedClaims): readonly string[] {
  return [issuer, String(claims[PROJECT_CLAIM[type]])];
}

async function isWithin(limit: RateLimit | undefined, key: string): Promise<boolean> {
  if (limit === undefined) return true;
  try {
    return (await limit.limit({ key })).success;
  } catch {
    return true;
  }
}

function limited(detail: string): Denial {
  return deny("rate_limited", detail, { retryAfter: RATE_LIMIT_RETRY_SECONDS });
}

/** An IPv4 address as IPv6 writes it (RFC 4291 §2.5.5.2), with its last 32 bits in decimal or in hexadecimal. */
const MAPPED = /^(?:0*:){1,7}:?0*ffff:(?:((?:\d{1,3}\.){3}\d{1,3})|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/;

/** A site has at least 2^64 IPv6 addresses, which therefore count as one (RFC 6177). An IPv4 address is its own. */
export function network(address: string): string {
  const lower = address.toLowerCase();
  const [mapped, dotted, high, low] = MAPPED.exec(lower) ?? [];
  if (mapped !== undefined) return dotted ?? dottedOf(Number(`0x${high}`), Number(`0x${low}`));
  if (!lower.includes(":")) return lower;
  const [head = "", tail] = lower.split("::");
  const groups = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length);
  const all = [...groups, ...Array.from({ length: zeros }, () => "0"), ...after];
  return all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}

function dottedOf(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
