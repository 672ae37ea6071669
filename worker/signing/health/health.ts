import { TIMING, type Timing } from "../../../shared/key-timing.ts";
import type { RingCopy } from "../ring/cached-ring.ts";
import type { KeySettings } from "../ring/ring.ts";
import { KEY_PROBLEMS, type KeyProblem, ringProblems, type Severity, sourceProblems } from "./problems.ts";
import {
  type AlgorithmReports,
  algorithmReports,
  type KeyReport,
  keyReports,
  type Observed,
} from "./reports.ts";

/** The part of /healthz that is about signing keys. It holds nothing that is not public, and no secret. */
export interface KeysHealth {
  readonly status: "ok" | Severity;
  readonly problems: readonly KeyProblem[];
  readonly source: RingCopy["from"] | null;
  readonly age_seconds: number | null;
  readonly sequence: number | null;
  readonly algorithms: AlgorithmReports;
  readonly keys: readonly KeyReport[];
}

/** @param settings `undefined` where there is no trust document: then only the sources are judged. */
export function keysHealth(
  copy: RingCopy | undefined,
  settings: KeySettings | undefined,
  now: number,
  observed: Observed,
  timing: Timing = TIMING,
): KeysHealth {
  const sources = sourceProblems(copy, now, observed, timing);
  const rings = copy === undefined ? [] : ringProblems(copy.ring, settings, now, observed, timing);
  const problems = [...sources, ...rings];
  return {
    status: statusOf(problems),
    problems,
    source: copy?.from ?? null,
    age_seconds: copy === undefined ? null : now - copy.readAt,
    sequence: copy?.ring.sequence ?? null,
    algorithms: copy === undefined ? {} : algorithmReports(copy.ring, settings, now, observed, timing),
    keys: copy === undefined ? [] : keyReports(copy.ring, now, observed, timing),
  };
}

function statusOf(problems: readonly KeyProblem[]): KeysHealth["status"] {
  const severities = problems.map(({ code }): Severity => KEY_PROBLEMS[code].severity);
  if (severities.includes("unavailable")) return "unavailable";
  return severities.length > 0 ? "degraded" : "ok";
}
