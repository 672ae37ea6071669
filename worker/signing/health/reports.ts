import type { Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import type { KeySettings, Ring, RingKey, Sealed } from "../ring/ring.ts";
import { algorithmState } from "./algorithm-state.ts";
import type { Observed } from "./observed.ts";

/**
 * What a key is at the moment, derived from its times. In RFC 7583 §3.1 `signing` is active, `standby` published or ready,
 * `retired` retired; a revoked key has no state there.
 */
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

export type AlgorithmReports = Readonly<Partial<Record<SvidAlgorithm, AlgorithmReport>>>;

export interface AlgorithmReport {
  readonly signing: string | null;
  readonly since: string | null;
  /** The standby that signs next, and when. */
  readonly next: string | null;
  readonly next_at: string | null;
}

export function algorithmReports(
  ring: Ring<Sealed>,
  settings: KeySettings | undefined,
  now: number,
  observed: Observed,
  timing: Timing,
): AlgorithmReports {
  const algorithms = settings?.algorithms ?? [...new Set(ring.keys.map((key) => key.algorithm))];
  return Object.fromEntries(
    algorithms.map((algorithm) => {
      const { signs, standbys } = algorithmState(ring, algorithm, now, observed, timing);
      const [next] = standbys;
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

export function keyReports(
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
  if (algorithmState(ring, key.algorithm, now, observed, timing).signs === key) return "signing";
  return key.activateAt > now ? "standby" : "retired";
}

/** ISO 8601 to the millisecond: the precision of every time in /healthz. */
export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
