import { formatDuration } from "../../duration.ts";
import { fetchedUrlProblem } from "../compile/issuer-url.ts";
import type { TrustConfig } from "../compile/trust.ts";
import type { Problem } from "../model/problem.ts";
import { note, policiesOf, policyPath, type Subject, warning } from "./finding.ts";

/** A stolen SVID works until it expires: nobody asks the exchange again. */
const LONG_TTL_SECONDS = 15 * 60;

export function longTtl({ policy }: Subject): readonly Problem[] {
  if (policy.ttlSeconds <= LONG_TTL_SECONDS) return [];
  const message = `an SVID of ${formatDuration(policy.ttlSeconds)} can't be called back; 15m is enough for most, and a job can ask again`;
  return [warning(policyPath(policy, "ttl"), "long-ttl", message)];
}

/** Microsoft Entra takes RS256 only (AADSTS5002738). */
export function entraAlgorithm({ policy }: Subject): readonly Problem[] {
  return policy.audiences.flatMap(({ audience, algorithm }, index) => {
    const isEntra = audience.startsWith("api://") || audience.startsWith("https://login.microsoftonline.");
    if (!isEntra || algorithm === "RS256") return [];
    const message = `Microsoft Entra refuses ${algorithm}; write {audience: "${audience}", algorithm: RS256}`;
    return [warning(policyPath(policy, "audiences", index), "entra-algorithm", message)];
  });
}

export function issuerLints(config: TrustConfig): readonly Problem[] {
  const used = new Set(policiesOf(config).map(({ issuer }) => issuer));
  return [...config.issuers.values()].flatMap((issuer, index) => {
    const found: Problem[] = [];
    if (!used.has(issuer.id)) {
      const message = `no policy is for ${issuer.id}, so its tokens get nothing; write a policy or remove the issuer`;
      found.push(note(["allowedIssuers", index], "unused-issuer", message));
    }
    if (issuer.keys.from === "inline") {
      const reachable = fetchedUrlProblem(issuer.issuer) === undefined;
      const advice = reachable
        ? "leave jwks out, and they are fetched"
        : "write jwksURI if they are published anywhere";
      const report = reachable ? warning : note;
      const message = `once ${issuer.id} changes its keys, its jobs are refused until these are replaced; ${advice}`;
      found.push(report(["allowedIssuers", index, "jwks"], "inline-keys-rotate", message));
    }
    return found;
  });
}
