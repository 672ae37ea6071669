import { minPublicationInterval, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { type KeySettings, lineOf, type Ring, type RingKey, signingKey } from "../ring/ring.ts";
import type { Sealed, SealTrouble } from "../seal.ts";

/** What went wrong on the way to the ring. */
export type SourceTrouble =
  | "kv_unreadable"
  | "kv_missing"
  | "kv_invalid"
  | "kv_behind"
  | "keeper_unreachable";
/** Why a key could not be imported. `kek_invalid`: a secret of this Worker is missing or malformed. */
export type ImportTrouble = SealTrouble | "kek_invalid";

/** What an isolate knows besides its copy. */
export interface Observed {
  readonly troubles: ReadonlyMap<SourceTrouble, number>;
  readonly broken: ReadonlyMap<string, ImportTrouble>;
  readonly revoked: ReadonlySet<string>;
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
      const { signs, next } = standingOf(ring, algorithm, now, observed, timing);
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
  if (standingOf(ring, key.algorithm, now, observed, timing).signs === key) return "signing";
  return key.activateAt > now ? "standby" : "retired";
}

/** Where the keys of an algorithm stand: which one signs, and which one is next. */
export function standingOf(
  ring: Ring<Sealed>,
  algorithm: SvidAlgorithm,
  now: number,
  observed: Observed,
  timing: Timing,
) {
  const outOfUse = new Set([...observed.revoked, ...observed.broken.keys()]);
  const line = lineOf(ring.keys, algorithm).filter((key) => !observed.revoked.has(key.kid));
  const signs = signingKey(ring, algorithm, now, outOfUse, minPublicationInterval(timing));
  const next = line.find((key) => key !== signs && key.activateAt > now && !outOfUse.has(key.kid));
  return { outOfUse, line, signs, next };
}

export function iso(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
