import type { AnalyticsEngineDataPoint } from "@cloudflare/workers-types";
import type { VerifiedClaims } from "../../shared/claims.ts";
import { causeOf, type Denial, type DenialCode, denialRow, reasonOf } from "../../shared/denial.ts";
import type { Result } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import type { AllowedIssuer, IssuerType } from "../../shared/trust/model/issuer.ts";
import { ANONYMOUS_WINDOW_SECONDS, MAX_AUDIT_VALUE } from "../limits.ts";
import type { LogFields } from "../log.ts";
import type { Exchanged, Trail } from "./exchange.ts";

/** How one request to `POST /token` ended. Of the subject token there is its hash, and what was verified of it. */
export interface Outcome {
  /** Unix seconds. */
  readonly now: number;
  readonly requestId: string;
  readonly result: Result<Exchanged, Denial>;
  readonly trail: Trail;
  readonly latencyMs: number;
  /** The Cloudflare location that answered. */
  readonly colo: string | undefined;
}

/** Refusals of callers who have proved nothing, which have no line of their own. */
export interface CountedRefusals {
  /** Unix seconds: the window began then. */
  readonly since: number;
  readonly count: number;
  readonly codes: Readonly<Partial<Record<DenialCode, number>>>;
}

type Decision = "allowed" | "dry_run" | "denied" | "failed";

/** Which verified claims name the run and the job, by the issuer's type. */
const RUN_CLAIMS: Readonly<Record<IssuerType, readonly string[]>> = {
  github: ["repository", "repository_id", "run_id", "run_attempt", "check_run_id", "actor", "event_name"],
  gitlab: ["project_path", "project_id", "pipeline_id", "job_id", "user_login", "pipeline_source"],
  jwt: [],
};

/**
 * What the audit trail's line says of one exchange; `docs/reference/audit.md` says what each field means. No unverified
 * claim can be in it, since `Outcome` has no room for one, and of the SVID it takes the `jti`, the `kid` and the `exp`.
 */
export function auditFields(outcome: Outcome): LogFields<"exchange"> {
  const { result, trail } = outcome;
  const { issuer, claims, grant } = trail;
  const svid = result.ok && result.value.kind === "issued" ? result.value.svid : undefined;
  return {
    time: formatInstant(outcome.now),
    request_id: outcome.requestId,
    decision: decisionOf(result),
    ...refusalFields(result),
    issuer_id: issuer?.id,
    issuer: issuer?.issuer,
    subject_sha256: trail.subjectTokenHash,
    subject: claims && clip(claims.sub),
    subject_jti: claims && clip(claims["jti"]),
    run: issuer && claims && runOf(issuer, claims),
    policy_asked: trail.policyAsked,
    policy: grant?.policy,
    spiffe_id: grant?.spiffeId,
    audience: grant?.audience,
    svid_jti: svid?.jti,
    kid: svid?.kid,
    expires: svid && formatInstant(svid.exp),
    config_version: trail.configVersion,
    latency_ms: Math.round(outcome.latencyMs),
    colo: outcome.colo,
  };
}

/** What the line says of refusals that are only counted. */
export function countedFields({ since, count, codes }: CountedRefusals): LogFields<"exchanges_refused"> {
  return { time: formatInstant(since), seconds: ANONYMOUS_WINDOW_SECONDS, count, codes };
}

/** Why the exchange was refused: as the caller is told, and beyond that. */
function refusalFields(
  result: Outcome["result"],
): Pick<LogFields<"exchange">, "code" | "cause" | "reason" | "checks"> {
  if (result.ok) return { code: undefined, cause: undefined, reason: undefined, checks: undefined };
  const { error } = result;
  const reason = reasonOf(error);
  return {
    code: error.code,
    cause: causeOf(error),
    reason: reason === error ? undefined : reason.detail,
    checks: reason.checks,
  };
}

/** The same outcome for Workers Analytics Engine, which counts, and may drop single events. */
export function auditPoint({ result, trail, latencyMs, colo }: Outcome): AnalyticsEngineDataPoint {
  const code = result.ok ? "" : result.error.code;
  const { issuer, grant } = trail;
  return {
    indexes: [issuer?.id.slice(0, 96) ?? "none"],
    blobs: [
      decisionOf(result),
      code,
      issuer?.id ?? "",
      grant?.policy ?? "",
      grant?.audience ?? "",
      colo ?? "",
    ],
    doubles: [latencyMs],
  };
}

function decisionOf(result: Outcome["result"]): Decision {
  if (!result.ok) return denialRow(result.error.code).status >= 500 ? "failed" : "denied";
  return result.value.kind === "issued" ? "allowed" : "dry_run";
}

function runOf(issuer: AllowedIssuer, claims: VerifiedClaims): Record<string, unknown> {
  const names = RUN_CLAIMS[issuer.type].filter((name) => Object.hasOwn(claims, name));
  return Object.fromEntries(names.map((name) => [name, clip(claims[name])]));
}

/** The part of a claim that a line may hold: a number, or a string up to a bound. */
function clip(value: unknown): string | number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" ? value.slice(0, MAX_AUDIT_VALUE) : undefined;
}
