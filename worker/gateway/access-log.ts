import type { AnalyticsEngineDataPoint } from "@cloudflare/workers-types";
import { causeOf, type Denial, denialRow } from "../../shared/denial.ts";
import { hasPassed } from "../../shared/elapsed.ts";
import { formatInstant } from "../../shared/time.ts";
import { ACCESS_LINE_SECONDS, MAX_AUDIT_VALUE } from "../limits.ts";
import type { LogFields } from "../log.ts";
import type { AccessTrail } from "./pass.ts";

/** How one request to an application ended. */
export interface AccessOutcome {
  /** Unix seconds. */
  readonly now: number;
  readonly requestId: string;
  readonly application: string;
  readonly configVersion: string;
  /** Absent where the origin answered. */
  readonly denial?: Denial;
  readonly trail: AccessTrail;
  readonly latencyMs: number;
  /** The Cloudflare location that answered. */
  readonly colo: string | undefined;
}

/** Takes each outcome with the number of requests that its line stands for. */
export type WriteAccess = (outcome: AccessOutcome, requests: number) => void;

/** A token and an application that have had a line. */
interface Told {
  lineAt: number;
  /** Requests since that line, and the last of them. */
  untold: number;
  last: AccessOutcome;
}

/**
 * Writes a line for each refusal, and for each token and application that is let through one line a minute: the first
 * request has its line at once, and the next line counts those in between. A caller that stops is told of in the end by
 * anybody's later request. An isolate that ends loses the count of its last minute, never a caller.
 */
export function createAccessLog(write: WriteAccess): (outcome: AccessOutcome) => void {
  const told = new Map<string, Told>();
  let sweptAt = 0;

  return (outcome) => {
    if (outcome.denial === undefined) tellAllowed(outcome);
    else write(outcome, 1);
    if (isDue(sweptAt, outcome.now)) sweep(outcome.now);
  };

  function tellAllowed(outcome: AccessOutcome): void {
    const name = `${outcome.application} ${outcome.trail.tokenHash}`;
    const known = told.get(name);
    if (known !== undefined && !isDue(known.lineAt, outcome.now)) {
      known.untold++;
      known.last = outcome;
      return;
    }
    write(outcome, (known?.untold ?? 0) + 1);
    told.set(name, { lineAt: outcome.now, untold: 0, last: outcome });
  }

  function sweep(now: number): void {
    sweptAt = now;
    for (const [name, { lineAt, untold, last }] of told) {
      if (!isDue(lineAt, now)) continue;
      if (untold > 0) write(last, untold);
      told.delete(name);
    }
  }
}

function isDue(since: number, now: number): boolean {
  return hasPassed(ACCESS_LINE_SECONDS, since, now);
}

type Decision = "allowed" | "denied" | "failed";

/** What the line says: of the token its hash, and what was verified of it; of the assertion its `jti`, `kid` and `exp`. */
export function accessFields(outcome: AccessOutcome, requests: number): LogFields<"access"> {
  const { denial, trail } = outcome;
  const { caller, pass, tokenHash } = trail;
  return {
    time: formatInstant(outcome.now),
    request_id: outcome.requestId,
    decision: decisionOf(denial),
    code: denial?.code,
    cause: denial && causeOf(denial),
    application: outcome.application,
    token: caller?.token,
    token_sha256: tokenHash,
    token_jti: caller?.jti?.slice(0, MAX_AUDIT_VALUE),
    spiffe_id: caller?.attributes.spiffeId,
    username: pass?.grant.username,
    rule: pass?.grant.rule,
    assertion_jti: pass?.assertion.jti,
    kid: pass?.assertion.kid,
    expires: pass && formatInstant(pass.assertion.exp),
    requests,
    config_version: outcome.configVersion,
    latency_ms: Math.round(outcome.latencyMs),
    colo: outcome.colo,
  };
}

/** The same for Workers Analytics Engine, which counts, and may drop single events. */
export function accessPoint(outcome: AccessOutcome, requests: number): AnalyticsEngineDataPoint {
  const { application, denial, trail, colo, latencyMs } = outcome;
  return {
    indexes: [application.slice(0, 96)],
    blobs: [
      decisionOf(denial),
      denial?.code ?? "",
      "gateway",
      application,
      trail.caller?.attributes.spiffeId ?? "",
      colo ?? "",
    ],
    doubles: [latencyMs, requests],
  };
}

function decisionOf(denial: Denial | undefined): Decision {
  if (denial === undefined) return "allowed";
  return denialRow(denial.code).status >= 500 ? "failed" : "denied";
}
