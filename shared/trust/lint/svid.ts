import { formatDuration } from "../../duration.ts";
import { policyPath, type Subject, warning } from "./finding.ts";

/** Lints of what an SVID is good for at a relying party. */

/** A stolen SVID works until it expires: nobody asks the exchange again. */
const LONG_TTL_SECONDS = 15 * 60;

export function longTtl({ policy }: Subject) {
  if (policy.ttlSeconds <= LONG_TTL_SECONDS) return [];
  const message = `an SVID cannot be revoked, and ${formatDuration(policy.ttlSeconds)} is long; write 15m or less, because a job can exchange again`;
  return [warning(policyPath(policy, "ttl"), "long-ttl", message)];
}

/** Microsoft Entra takes RS256 only (AADSTS5002738). */
export function entraAlgorithm({ policy }: Subject) {
  return policy.audiences.flatMap(({ audience, algorithm }, index) => {
    const isEntra = audience.startsWith("api://") || audience.startsWith("https://login.microsoftonline.");
    if (!isEntra || algorithm === "RS256") return [];
    const message = `Microsoft Entra refuses ${algorithm}; write {audience: "${audience}", algorithm: RS256}`;
    return [warning(policyPath(policy, "audiences", index), "entra-algorithm", message)];
  });
}
