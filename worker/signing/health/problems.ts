import { secondsSince } from "../../../shared/elapsed.ts";
import { minPublishSafety, rolloverIntervals, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { type CachedRing, freshness } from "../ring/cached-ring.ts";
import { type KeySettings, type Ring, type RingKey, type Sealed, successionOf } from "../ring/ring.ts";
import { algorithmState } from "./algorithm-state.ts";
import type { Observed } from "./observed.ts";
import { iso } from "./reports.ts";

export type Severity = "degraded" | "unavailable";

/** Every state of the keys that needs someone's attention. `docs/how-to/operations.md` says what to do, a section a row. */
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
  kv_unauthenticated: { severity: "degraded", says: "the keeper did not write the ring that KV has" },
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

export function sourceProblems(
  cached: CachedRing | undefined,
  now: number,
  { failures }: Observed,
  timing: Timing,
): KeyProblem[] {
  const found: KeyProblem[] = cached === undefined ? [problem("no_ring")] : [];
  if (cached !== undefined && freshness(cached, now, timing) === "stale") {
    found.push(problem("ring_stale", { since: iso(cached.readAt) }));
  }
  for (const [code, since] of failures) {
    // An older or missing value is what KV gives for a while after each write.
    const isUsual =
      (code === "kv_behind" || code === "kv_missing") && secondsSince(since, now) < timing.kvDelay;
    if (!isUsual || cached === undefined) found.push(problem(code, { since: iso(since) }));
  }
  return found;
}

export function ringProblems(
  ring: Ring<Sealed>,
  settings: KeySettings | undefined,
  now: number,
  observed: Observed,
  timing: Timing,
): KeyProblem[] {
  const broken = [...observed.broken].map(([kid, code]) => problem(code, { kid }));
  const algorithms = (settings?.algorithms ?? []).flatMap((algorithm) =>
    algorithmProblems(ring, algorithm, now, observed, timing),
  );
  const isOverdue = settings !== undefined && isCronOverdue(ring, settings.algorithms, now, timing);
  return [...broken, ...algorithms, ...(isOverdue ? [problem("cron_overdue")] : [])];
}

function algorithmProblems(
  ring: Ring<Sealed>,
  algorithm: SvidAlgorithm,
  now: number,
  observed: Observed,
  timing: Timing,
): KeyProblem[] {
  const { signs, standbys, succession } = algorithmState(ring, algorithm, now, observed, timing);
  if (signs !== undefined) return standbys.length === 0 ? [problem("no_standby", { algorithm })] : [];
  const isNew = ring.keys.every((key) => key.algorithm !== algorithm);
  const isInTurn = succession.some((key) => key.activateAt <= now && now < key.signUntil);
  const isWaiting = isNew || (!isInTurn && standbys.length > 0);
  return [problem(isWaiting ? "not_yet_signing" : "no_signer", { algorithm })];
}

/** True where work has waited for longer than missed and late runs explain. */
function isCronOverdue(
  ring: Ring<Sealed>,
  algorithms: readonly SvidAlgorithm[],
  now: number,
  timing: Timing,
): boolean {
  const intervals = rolloverIntervals(ring.rotateEverySeconds, timing);
  const then = now - minPublishSafety(timing);
  // The keeper erases and removes with the second run after a time.
  const longAgo = then - minPublishSafety(timing);
  const isLate = (key: RingKey<Sealed>): boolean =>
    longAgo >= key.verifyUntil || (key.secret !== null && longAgo >= key.signUntil);
  const lastStarts = algorithms.map(
    (algorithm) => successionOf(ring.keys, algorithm).at(-1)?.activateAt ?? Number.POSITIVE_INFINITY,
  );
  return (
    ring.keys.some(isLate) ||
    lastStarts.some(
      (start) => start < then + intervals.publicationInterval + intervals.publishSafety - timing.cronPeriod,
    )
  );
}

function problem(code: KeyProblemCode, more: Omit<KeyProblem, "code" | "says"> = {}): KeyProblem {
  return { code, says: KEY_PROBLEMS[code].says, ...more };
}
