import type { DurableObjectNamespace, DurableObjectStub } from "@cloudflare/workers-types";
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
import type { ReplayGuard } from "./guard.ts";

type Guards = DurableObjectNamespace<ReplayGuard>;

/** A subject token that is used up. */
export interface UsedToken {
  /** Lets the token be used again, where no SVID came of its use. A guard that does not answer keeps it used. */
  readonly giveBack: () => Promise<void>;
}

const REPLAYED = deny("token_replayed", "The subject token was used before.");

/**
 * Uses up a subject token where its issuer's tokens may be used once, or once for each audience. Refuses where the guard
 * does not answer, too.
 */
export async function consume(
  guards: Guards,
  issuer: AllowedIssuer,
  claims: VerifiedClaims,
  audience: string,
): Promise<Result<UsedToken, Denial>> {
  const name = nameOfUse(issuer, claims, audience);
  if (!name.ok) return name;
  const token = name.value;
  if (token === undefined) return ok({ giveBack: async () => undefined });
  const keptUntil = claims.exp + issuer.clockSkewSeconds + REPLAY_CLOCK_SECONDS;
  const attempt = crypto.randomUUID();
  const use = await askShard(guards, token, (guard) => guard.use(token, attempt, keptUntil));
  if (use === "first") {
    return ok({
      giveBack: async () => void (await askShard(guards, token, (guard) => guard.giveBack(token, attempt))),
    });
  }
  return err(use === "again" ? REPLAYED : unavailable(use === "full" ? "is full" : "did not answer"));
}

/** Refuses a subject token that was used up, without using it. */
export async function checkUnused(
  guards: Guards,
  issuer: AllowedIssuer,
  claims: VerifiedClaims,
  audience: string,
): Promise<Result<void, Denial>> {
  const name = nameOfUse(issuer, claims, audience);
  if (!name.ok) return name;
  const token = name.value;
  if (token === undefined) return ok(undefined);
  const wasUsed = await askShard(guards, token, (guard) => guard.wasUsed(token));
  if (wasUsed === undefined) return err(unavailable("did not answer"));
  return wasUsed ? err(REPLAYED) : ok(undefined);
}

/** Names the use of a token that may happen once (RFC 7519 §4.1.7, with the actual `iss`); none where any may happen. */
function nameOfUse(
  issuer: AllowedIssuer,
  claims: VerifiedClaims,
  audience: string,
): Result<string | undefined, Denial> {
  if (issuer.replay === "off") return ok(undefined);
  const jti = claims["jti"];
  if (typeof jti !== "string") return err(deny("token_claim_missing", "The claim jti is missing."));
  const parts = [claims.iss, jti, ...(issuer.replay === "per-audience" ? [audience] : [])];
  // Two different lists never have one name: JSON shows where each string ends.
  return ok(bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts)))));
}

/**
 * Asks the token's shard, and once more where it did not answer: objects restart with each deployment. By the name of the
 * attempt the shard knows a second use for the first one again, and not for a replay.
 */
async function askShard<T>(
  guards: Guards,
  token: string,
  call: (guard: DurableObjectStub<ReplayGuard>) => Promise<T>,
): Promise<T | undefined> {
  for (let asked = 0; asked < REPLAY_ATTEMPTS; asked++) {
    try {
      const deadline = AbortSignal.timeout(REPLAY_TIMEOUT_SECONDS * 1000);
      return await withinDeadline(call(guards.getByName(shardOf(token))), deadline);
    } catch {
      // The next attempt follows, or the caller is told that the guard did not answer.
    }
  }
  return undefined;
}

function unavailable(why: string): Denial {
  const retryAfter = REPLAY_RETRY_SECONDS;
  return deny("replay_guard_unavailable", `The replay guard ${why}.`, { retryAfter });
}

/** Sixteen shards, by the first digit of a hash. A deployment with another number would forget every use. */
function shardOf(token: string): string {
  return `shard-${token.charAt(0)}`;
}
