import {
  leastLead,
  leastMargin,
  type RotationPlan,
  rotationPlan,
  TIMING,
  type Timing,
} from "../../shared/keys-timing.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";
import type { RingCopy } from "./copy.ts";
import { type KeySettings, lineOf, type Ring, type RingKey, signingKey } from "./ring.ts";
import type { Sealed, SealTrouble } from "./seal.ts";

/** What went wrong on the way to the ring. */
export type SourceTrouble =
  | "kv_unreadable"
  | "kv_missing"
  | "kv_invalid"
  | "kv_behind"
  | "keeper_unreachable";
/** Why a key could not be imported. `kek_invalid`: a secret of this Worker is missing or malformed. */
export type ImportTrouble = SealTrouble | "kek_invalid";

type Severity = "degraded" | "unavailable";

/** Every state of the keys that needs someone's attention. `docs/operations.md` says what to do, a section a row. */
export const KEY_PROBLEMS = {
  no_ring: { severity: "unavailable", says: "neither KV nor the keeper gave a key ring" },
  no_signer: { severity: "unavailable", says: "no key can sign" },
  not_yet_signing: { severity: "degraded", says: "the first key is still being made known" },
  no_standby: { severity: "degraded", says: "there is no key that could take over" },
  cron_overdue: { severity: "degraded", says: "the ring waits for a cron run" },
  kek_invalid: { severity: "degraded", says: "a key-encryption secret is not 32 bytes in base64" },
  kek_unknown: { severity: "degraded", says: "a key is sealed with a secret that is not configured" },
  seal_broken: { severity: "degraded", says: "a sealed key is not what the keeper sealed" },
  ring_stale: { severity: "degraded", says: "the ring in memory could not be renewed" },
  kv_unreadable: { severity: "degraded", says: "KV does not answer" },
  kv_missing: { severity: "degraded", says: "KV has no ring" },
  kv_invalid: { severity: "degraded", says: "what KV has is not a ring" },
  kv_behind: { severity: "degraded", says: "KV has an older ring than this isolate" },
  keeper_unreachable: { severity: "degraded", says: "the keeper does not answer" },
} as const satisfies Record<string, { severity: Severity; says: string }>;

export type KeyProblemCode = keyof typeof KEY_PROBLEMS;

export interface KeyProblem {
  readonly code: KeyProblemCode;
  readonly says: string;
  readonly kid?: string;
  readonly algorithm?: SvidAlgorithm;
  /** ISO 8601. */
  readonly since?: string;
}

/** What a key is at the moment: derived from its times. */
export type KeyUse = "signing" | "standby" | "retired" | "revoked";

export interface KeyReport {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly use: KeyUse;
  /** ISO 8601, as are all times of the document. */
  readonly published_at: string;
  readonly signs_from: string;
  readonly signs_until: string;
  readonly verifies_until: string;
  /** The id of the key-encryption key, or `null` once the private key is erased. */
  readonly sealed_with: string | null;
}

export interface AlgorithmReport {
  readonly signing: string | null;
  readonly since: string | null;
  /** The standby that signs next, and when. */
  readonly next: string | null;
  readonly next_at: string | null;
}

/** The part of /healthz that is about signing keys. It holds nothing that is not public, and no secret. */
export interface KeysHealth {
  readonly status: "ok" | Severity;
  readonly problems: readonly KeyProblem[];
  readonly source: RingCopy["from"] | null;
  readonly age_seconds: number | null;
  readonly sequence: number | null;
  readonly algorithms: Readonly<Partial<Record<SvidAlgorithm, AlgorithmReport>>>;
  readonly keys: readonly KeyReport[];
}

/** What an isolate knows besides its copy. */
export interface Observed {
  readonly troubles: ReadonlyMap<SourceTrouble, number>;
  readonly broken: ReadonlyMap<string, ImportTrouble>;
  readonly revoked: ReadonlySet<string>;
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

function sourceProblems(
  copy: RingCopy | undefined,
  now: number,
  { troubles }: Observed,
  timing: Timing,
): KeyProblem[] {
  const found: KeyProblem[] = copy === undefined ? [problem("no_ring")] : [];
  if (copy !== undefined && now - copy.readAt >= timing.copyLimit) {
    found.push(problem("ring_stale", { since: iso(copy.readAt) }));
  }
  for (const [code, since] of troubles) {
    // An older or missing value is what KV gives for a while after each write.
    const isUsual = (code === "kv_behind" || code === "kv_missing") && now - since < timing.kvDelay;
    if (!isUsual || copy === undefined) found.push(problem(code, { since: iso(since) }));
  }
  return found;
}

function ringProblems(
  ring: Ring<Sealed>,
  settings: KeySettings | undefined,
  now: number,
  observed: Observed,
  timing: Timing,
): KeyProblem[] {
  const broken = [...observed.broken].map(([kid, code]) => problem(code, { kid }));
  const lines = (settings?.algorithms ?? []).flatMap((algorithm) =>
    lineProblems(ring, algorithm, now, observed, timing),
  );
  const isOverdue = settings !== undefined && isCronOverdue(ring, settings.algorithms, now, timing);
  return [...broken, ...lines, ...(isOverdue ? [problem("cron_overdue")] : [])];
}

function lineProblems(
  ring: Ring<Sealed>,
  algorithm: SvidAlgorithm,
  now: number,
  observed: Observed,
  timing: Timing,
): KeyProblem[] {
  const { outOfUse, signs, line } = lineAt(ring, algorithm, now, observed, timing);
  const able = line.filter((key) => key.secret !== null && !outOfUse.has(key.kid));
  const first = line[0];
  if (signs === undefined) {
    const isWaiting = first !== undefined && first.activateAt > now && able.includes(first);
    return [problem(isWaiting ? "not_yet_signing" : "no_signer", { algorithm })];
  }
  const standbys = able.filter((key) => key !== signs && key.activateAt > now);
  return standbys.length === 0 ? [problem("no_standby", { algorithm })] : [];
}

/** True where work has waited for longer than missed and late runs explain. */
function isCronOverdue(
  ring: Ring<Sealed>,
  algorithms: readonly SvidAlgorithm[],
  now: number,
  timing: Timing,
): boolean {
  const plan: RotationPlan = rotationPlan(ring.rotateEverySeconds, timing);
  const then = now - leastMargin(timing);
  const isLate = (key: RingKey<Sealed>): boolean =>
    then >= key.verifyUntil || (key.secret !== null && then >= key.signUntil);
  const lastStarts = algorithms.map((algorithm) => lineOf(ring.keys, algorithm).at(-1)?.activateAt ?? now);
  return (
    ring.keys.some(isLate) ||
    lastStarts.some((start) => start < then + plan.lead + plan.margin - timing.cronPeriod)
  );
}

function algorithmReports(
  ring: Ring<Sealed>,
  settings: KeySettings | undefined,
  now: number,
  observed: Observed,
  timing: Timing,
): KeysHealth["algorithms"] {
  const algorithms = settings?.algorithms ?? [...new Set(ring.keys.map((key) => key.algorithm))];
  return Object.fromEntries(
    algorithms.map((algorithm) => {
      const { signs, next } = lineAt(ring, algorithm, now, observed, timing);
      const report: AlgorithmReport = {
        signing: signs?.kid ?? null,
        since: signs === undefined ? null : iso(Math.min(signs.activateAt, now)),
        next: next?.kid ?? null,
        next_at: next === undefined ? null : iso(next.activateAt),
      };
      return [algorithm, report];
    }),
  );
}

function keyReports(
  ring: Ring<Sealed>,
  now: number,
  observed: Observed,
  timing: Timing,
): readonly KeyReport[] {
  return ring.keys.map((key) => ({
    kid: key.kid,
    algorithm: key.algorithm,
    use: useOf(key, ring, now, observed, timing),
    published_at: iso(key.publishAt),
    signs_from: iso(key.activateAt),
    signs_until: iso(key.signUntil),
    verifies_until: iso(key.verifyUntil),
    sealed_with: key.secret?.kek ?? null,
  }));
}

function useOf(
  key: RingKey<Sealed>,
  ring: Ring<Sealed>,
  now: number,
  observed: Observed,
  timing: Timing,
): KeyUse {
  if (observed.revoked.has(key.kid)) return "revoked";
  if (lineAt(ring, key.algorithm, now, observed, timing).signs === key) return "signing";
  return key.activateAt > now ? "standby" : "retired";
}

function lineAt(
  ring: Ring<Sealed>,
  algorithm: SvidAlgorithm,
  now: number,
  observed: Observed,
  timing: Timing,
) {
  const outOfUse = new Set([...observed.revoked, ...observed.broken.keys()]);
  const line = lineOf(ring.keys, algorithm).filter((key) => !observed.revoked.has(key.kid));
  const signs = signingKey(ring, algorithm, now, outOfUse, leastLead(timing));
  const next = line.find((key) => key !== signs && key.activateAt > now && !outOfUse.has(key.kid));
  return { outOfUse, line, signs, next };
}

function problem(code: KeyProblemCode, more: Omit<KeyProblem, "code" | "says"> = {}): KeyProblem {
  return { code, says: KEY_PROBLEMS[code].says, ...more };
}

function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
