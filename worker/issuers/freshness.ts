import type { Denial } from "../../shared/denial.ts";
import { hasPassed, secondsSince } from "../../shared/elapsed.ts";
import { unknownKey, unreadableKeys } from "../../shared/subject-token/signing-key.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import {
  UPSTREAM_COOLDOWN_SECONDS,
  UPSTREAM_FRESH_SECONDS,
  UPSTREAM_REVALIDATE_SECONDS,
  UPSTREAM_STALE_IF_ERROR_SECONDS,
} from "../limits.ts";
import type { HeldKeys } from "./key-copies.ts";

/** One attempt to fetch an issuer's key set. While it runs it has no outcome. */
export interface FetchAttempt {
  /** Unix seconds. */
  readonly startedAt: number;
  outcome?: "succeeded" | { readonly failure: string };
}

/**
 * How far a held key set can be used for one `kid`, in the words of HTTP caching (RFC 9111 §4.2, RFC 5861).
 * `fresh`: as it is; `stale-while-revalidate`: yes, and it is fetched again behind the response; `stale-if-error`: only
 * where a fetch has failed; `unusable`: not at all.
 */
export type KeyFreshness = "fresh" | "stale-while-revalidate" | "stale-if-error" | "unusable";

/**
 * A set that was fetched in the future, before the clock was set back, is never fresh: nobody knows how old it is.
 *
 * @param now Unix seconds.
 */
export function freshnessOf(held: HeldKeys | undefined, kid: string, now: number): KeyFreshness {
  if (held === undefined || !held.keys.has(kid)) return "unusable";
  const age = secondsSince(held.fetchedAt, now);
  if (age <= UPSTREAM_FRESH_SECONDS) return "fresh";
  if (age <= UPSTREAM_REVALIDATE_SECONDS) return "stale-while-revalidate";
  const distance = Math.abs(now - held.fetchedAt);
  return distance <= UPSTREAM_STALE_IF_ERROR_SECONDS ? "stale-if-error" : "unusable";
}

/** Whether the cool-down after the last attempt is over, which counts failed ones too. */
export function isCoolDownOver(last: FetchAttempt | undefined, now: number): boolean {
  return last === undefined || hasPassed(UPSTREAM_COOLDOWN_SECONDS, last.startedAt, now);
}

/** Why there is no key: the last attempt did not find it in the issuer's set, or did not get the set. */
export function missingKey(issuer: AllowedIssuer, last: FetchAttempt | undefined, now: number): Denial {
  if (last?.outcome === "succeeded") return unknownKey(issuer);
  const failure = last?.outcome?.failure ?? "another request is still fetching them";
  const wait = last?.outcome === undefined ? 1 : last.startedAt + UPSTREAM_COOLDOWN_SECONDS - now;
  return unreadableKeys(issuer, failure, Math.max(1, wait));
}
