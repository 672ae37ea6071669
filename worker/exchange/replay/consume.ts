import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { VerifiedClaims } from "../../../shared/claims.ts";
import { withinDeadline } from "../../../shared/deadline.ts";
import { type Denial, deny } from "../../../shared/denial.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { AllowedIssuer } from "../../../shared/trust/model/issuer.ts";
import {
  REPLAY_ATTEMPTS,
  REPLAY_CLOCK_SECONDS,
  REPLAY_RETRY_SECONDS,
  REPLAY_TIMEOUT_SECONDS,
} from "../../limits.ts";
import type { ReplayGuard, Use } from "./guard.ts";

/**
 * Uses up a subject token where its issuer's tokens may be used once, or once for each audience (RFC 7519 §4.1.7, with
 * the actual `iss`). Called after everything else that may refuse, right before an SVID is signed. Refuses where the
 * guard does not answer, too.
 */
export async function consume(
  guards: DurableObjectNamespace<ReplayGuard>,
  issuer: AllowedIssuer,
  claims: VerifiedClaims,
  audience: string,
): Promise<Result<void, Denial>> {
  if (issuer.replay === "off") return ok(undefined);
  const jti = claims["jti"];
  if (typeof jti !== "string") return err(deny("token_claim_missing", "The claim jti is missing."));
  const token = nameOf([claims.iss, jti, ...(issuer.replay === "per-audience" ? [audience] : [])]);
  const keptUntil = claims.exp + issuer.clockSkewSeconds + REPLAY_CLOCK_SECONDS;
  const use = await useOnce(guards, token, keptUntil);
  if (use === "first") return ok(undefined);
  if (use === "again") return err(deny("token_replayed", "The subject token was used before."));
  const why = use === "full" ? "is full" : "did not answer";
  return err(
    deny("replay_guard_unavailable", `The replay guard ${why}.`, { retryAfter: REPLAY_RETRY_SECONDS }),
  );
}

/**
 * Asks the shard, and once more where it did not answer: objects restart with each deployment. By the name of the
 * attempt the shard knows the second call for the first one again, and not for a replay.
 */
async function useOnce(
  guards: DurableObjectNamespace<ReplayGuard>,
  token: string,
  keptUntil: number,
): Promise<Use | undefined> {
  const attempt = crypto.randomUUID();
  for (let asked = 0; asked < REPLAY_ATTEMPTS; asked++) {
    try {
      const guard = guards.getByName(shardOf(token));
      const deadline = AbortSignal.timeout(REPLAY_TIMEOUT_SECONDS * 1000);
      return await withinDeadline(guard.use(token, attempt, keptUntil), deadline);
    } catch {
      // The next attempt follows, or the caller is told that the guard did not answer.
    }
  }
  return undefined;
}

/** Two different lists never have one name: JSON shows where each string ends. */
function nameOf(parts: readonly string[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))));
}

/** Sixteen shards, by the first digit of a hash. A deployment with another number would forget every use. */
function shardOf(token: string): string {
  return `shard-${token.charAt(0)}`;
}
