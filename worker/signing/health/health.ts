import { TIMING, type Timing } from "../../../shared/key-timing.ts";
import type { CachedRing } from "../ring/cached-ring.ts";
import type { KeySettings } from "../ring/ring.ts";
import type { Observed } from "./observed.ts";
import { KEY_PROBLEMS, type KeyProblem, ringProblems, type Severity, sourceProblems } from "./problems.ts";
import { type AlgorithmReports, algorithmReports, type KeyReport, keyReports } from "./reports.ts";

/** The part of /healthz that is about signing keys. It holds nothing that is not public, and no secret. */
export interface KeysHealth {
  readonly status: "ok" | Severity;
  readonly problems: readonly KeyProblem[];
  readonly source: CachedRing["from"] | null;
  readonly age_seconds: number | null;
  readonly sequence: number | null;
  readonly algorithms: AlgorithmReports;
  readonly keys: readonly KeyReport[];
}

/** @param settings `undefined` where there is no trust document: then only the sources are judged. */
export function keysHealth(
  cached: CachedRing | undefined,
  settings: KeySettings | undefined,
  now: number,
  observed: Observed,
  timing: Timing = TIMING,
): KeysHealth {
  const sources = sourceProblems(cached, now, observed, timing);
  const rings = cached === undefined ? [] : ringProblems(cached.ring, settings, now, observed, timing);
  const problems = [...sources, ...rings];
  return {
    status: statusOf(problems),
    problems,
    source: cached?.from ?? null,
    age_seconds: cached === undefined ? null : now - cached.readAt,
    sequence: cached?.ring.sequence ?? null,
    algorithms: cached === undefined ? {} : algorithmReports(cached.ring, settings, now, observed, timing),
    keys: cached === undefined ? [] : keyReports(cached.ring, now, observed, timing),
  };
}

function statusOf(problems: readonly KeyProblem[]): KeysHealth["status"] {
  const severities = problems.map(({ code }): Severity => KEY_PROBLEMS[code].severity);
  if (severities.includes("unavailable")) return "unavailable";
  return severities.length > 0 ? "degraded" : "ok";
}
