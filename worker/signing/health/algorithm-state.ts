import { minPublicationInterval, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { type Ring, type RingKey, type Sealed, successionOf } from "../ring/ring.ts";
import { signingKey } from "../ring/signing-key.ts";
import type { Observed } from "./observed.ts";

/** What the keys of an algorithm are at an instant, for an isolate. Revoked keys are in none of the members. */
export interface AlgorithmState {
  readonly signs: RingKey<Sealed> | undefined;
  /** Those that may still sign but for `signs` and become active later, the next one first. */
  readonly standbys: readonly RingKey<Sealed>[];
  readonly succession: readonly RingKey<Sealed>[];
}

export function algorithmState(
  ring: Ring<Sealed>,
  algorithm: SvidAlgorithm,
  now: number,
  { revoked, broken }: Observed,
  timing: Timing,
): AlgorithmState {
  const outOfUse = new Set([...revoked, ...broken.keys()]);
  const signs = signingKey(ring, algorithm, now, outOfUse, minPublicationInterval(timing));
  const succession = successionOf(ring.keys, algorithm).filter((key) => !revoked.has(key.kid));
  const standbys = succession.filter(
    (key) => key !== signs && key.activateAt > now && key.secret !== null && !broken.has(key.kid),
  );
  return { signs, standbys, succession };
}
