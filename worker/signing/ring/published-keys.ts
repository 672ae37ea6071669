import type { Ring, RingKey } from "./ring.ts";

/**
 * Room between two `bundleSequence`s of a ring: what a reader adds for each key that it leaves out as revoked. So the
 * published sequence rises at the moment of a revocation, before the ring itself is written again.
 */
const BUNDLE_STRIDE = 100;

/** The keys that every document shows: all but the revoked ones. */
export function publishedKeys<Secret>(
  ring: Ring<Secret>,
  revoked: ReadonlySet<string>,
): readonly RingKey<Secret>[] {
  return ring.keys.filter((key) => !revoked.has(key.kid));
}

/** The sequence of what `publishedKeys` returns (`spiffe_sequence`, SPIFFE Bundle §4.1.1). */
export function publishedSequence(ring: Ring<unknown>, revoked: ReadonlySet<string>): number {
  return ring.bundleSequence + ring.keys.filter((key) => revoked.has(key.kid)).length;
}

/** The first bundle sequence of a ring that is made at `now` (Unix seconds). */
export function firstBundleSequence(now: number): number {
  return now - (now % BUNDLE_STRIDE);
}

/**
 * The bundle sequence of the ring after `before`: where the set of kids changes, above every sequence that readers gave
 * to the former one; otherwise the one that readers give to it now.
 */
export function bundleSequenceAfter(
  before: Ring<unknown>,
  revoked: ReadonlySet<string>,
  after: readonly RingKey<unknown>[],
): number {
  const published = new Set(publishedKeys(before, revoked).map((key) => key.kid));
  const sequence = publishedSequence(before, revoked);
  const isSame = published.size === after.length && after.every((key) => published.has(key.kid));
  return isSame ? sequence : sequence - (sequence % BUNDLE_STRIDE) + BUNDLE_STRIDE;
}
