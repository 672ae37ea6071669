import { type Denial, deny } from "../../shared/denial.ts";
import { unknownKey } from "../../shared/subject-token/signing-key.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import {
  UPSTREAM_COOLDOWN_SECONDS,
  UPSTREAM_FRESH_SECONDS,
  UPSTREAM_LAST_GOOD_SECONDS,
  UPSTREAM_UNCONFIRMED_SECONDS,
} from "../limits.ts";
import type { HeldKeys } from "./key-copies.ts";

/** One look at an issuer's key set. While it runs it has no outcome. */
export interface Look {
  /** Unix seconds. */
  readonly at: number;
  outcome?: "succeeded" | { readonly failure: string };
}

/**
 * How far a held set can be relied on for one `kid`.
 * `fresh`: without a second look; `unconfirmed`: yes, and it is time for a look behind the answer;
 * `last-good`: only once a look has failed; `unknown`: not at all.
 */
export type Standing = "fresh" | "unconfirmed" | "last-good" | "unknown";

/** @param now Unix seconds. */
export function standing(held: HeldKeys | undefined, kid: string, now: number): Standing {
  if (held === undefined || !held.keys.has(kid)) return "unknown";
  const age = now - held.fetchedAt;
  if (age <= UPSTREAM_FRESH_SECONDS) return "fresh";
  if (age <= UPSTREAM_UNCONFIRMED_SECONDS) return "unconfirmed";
  return age <= UPSTREAM_LAST_GOOD_SECONDS ? "last-good" : "unknown";
}

/** Whether the cool-down since the last look is over. Failed looks count as well; a clock that went back ends it. */
export function mayLook(last: Look | undefined, now: number): boolean {
  return last === undefined || Math.abs(now - last.at) >= UPSTREAM_COOLDOWN_SECONDS;
}

/** Why there is no key: the issuer was asked and does not publish it, or could not be asked. */
export function noKey(issuer: AllowedIssuer, last: Look | undefined, now: number): Denial {
  if (last?.outcome === "succeeded") return unknownKey(issuer);
  const failure = last?.outcome?.failure ?? "another request is still asking for them";
  const wait = last?.outcome === undefined ? 1 : last.at + UPSTREAM_COOLDOWN_SECONDS - now;
  return deny(
    "issuer_keys_unavailable",
    `The keys of the issuer ${issuer.id} could not be read: ${failure}.`,
    {
      retryAfter: Math.max(1, wait),
    },
  );
}
