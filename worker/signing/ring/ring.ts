import type { SvidAlgorithm } from "../../../shared/svid.ts";
import type { PublicJwk } from "./public-jwk.ts";

/** What the trust document says about keys. */
export interface KeySettings {
  readonly rotateEverySeconds: number;
  readonly algorithms: readonly SvidAlgorithm[];
  readonly revoked: ReadonlySet<string>;
}

/**
 * One key and its four times, in Unix seconds. What a key is at an instant (RFC 7583 §3.1) follows from them and is never
 * stored: published, then ready, until `activateAt`; active until its successor is; retired until `verifyUntil`; then
 * dead and removed in one step.
 */
export interface RingKey<Secret> {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly publicJwk: PublicJwk;
  /** `null` from the moment that the key has stopped signing. */
  readonly secret: Secret | null;
  /** Tpub (RFC 7583 §3.2.1): in every published document from here on. */
  readonly publishAt: number;
  /** Tact (RFC 7583 §3.2.1): signs from here on, until its successor is active. */
  readonly activateAt: number;
  /** Never signs from here on: Tret and the signing delay, Dsgn (RFC 7583 §3.2.1). */
  readonly signUntil: number;
  /** Tdea and Trem (RFC 7583 §3.2.1): published until here; no SVID of this key is valid anywhere any more. */
  readonly verifyUntil: number;
}

/** All keys of the exchange. The form of `Secret` is the holder's: sealed at rest, opened in the keeper. */
export interface Ring<Secret> {
  /** Rises with every change. */
  readonly sequence: number;
  /** Rises when, and only when, the set of published keys changes (SPIFFE Bundle §4.1.1). See `bundleSequence`. */
  readonly bundleSequence: number;
  /** The rotation that the times were planned for. */
  readonly rotateEverySeconds: number;
  readonly keys: readonly RingKey<Secret>[];
}

/**
 * Room between two `bundleSequence`s of a ring: what a reader adds for each key that it leaves out as revoked. So the
 * published sequence rises at the moment of a revocation, before the ring itself is written again.
 */
const BUNDLE_STRIDE = 100;

/** A ring that has no keys yet. Its numbers start at the clock, so a ring made anew is above the one that it replaces. */
export function emptyRing(now: number): Ring<never> {
  const bundleSequence = now - (now % BUNDLE_STRIDE);
  return { sequence: now, bundleSequence, rotateEverySeconds: 0, keys: [] };
}

/** The keys that every document shows: all but the revoked ones. */
export function publishedKeys<Secret>(
  ring: Ring<Secret>,
  revoked: ReadonlySet<string>,
): readonly RingKey<Secret>[] {
  return ring.keys.filter((key) => !revoked.has(key.kid));
}

/** The sequence of what `publishedKeys` returns. */
export function publishedSequence<Secret>(ring: Ring<Secret>, revoked: ReadonlySet<string>): number {
  return ring.bundleSequence + ring.keys.filter((key) => revoked.has(key.kid)).length;
}

/** The sequence for a changed set of keys, above everything that readers made of the former one. */
export function nextBundleSequence(sequence: number): number {
  return sequence - (sequence % BUNDLE_STRIDE) + BUNDLE_STRIDE;
}

/** The keys of one algorithm in the order in which they take over. */
export function lineOf<Secret>(
  keys: readonly RingKey<Secret>[],
  algorithm: SvidAlgorithm,
): readonly RingKey<Secret>[] {
  return keys
    .filter((key) => key.algorithm === algorithm)
    .sort((a, b) => a.activateAt - b.activateAt || a.publishAt - b.publishAt || (a.kid < b.kid ? -1 : 1));
}

/**
 * The key that signs at an instant: the newest active one. Where that one is out of use (revoked, lost, or past its
 * time), the standby takes over at once, one that relying parties have had time to learn before one that they have
 * not; then a former key that may still sign.
 *
 * @param outOfUse kids that must not sign: revoked in the trust document, or not to be opened by this reader.
 * @param readyAfter seconds from publication to ready (RFC 7583 §3.1): every relying party knows the key then.
 */
export function signingKey<Secret>(
  ring: Ring<Secret>,
  algorithm: SvidAlgorithm,
  now: number,
  outOfUse: ReadonlySet<string>,
  readyAfter: number,
): RingKey<Secret> | undefined {
  const line = lineOf(ring.keys, algorithm);
  const at = line.findLastIndex((key) => key.activateAt <= now);
  const current = line[at];
  // An algorithm that is new or back after a pause does not sign yet: relying parties are still learning its key.
  if (current === undefined || now >= current.signUntil) return undefined;
  const standbys = line.slice(at + 1);
  const isReady = (key: RingKey<Secret>): boolean => key.publishAt + readyAfter <= now;
  const former = line.slice(0, at).reverse();
  return [current, ...standbys.filter(isReady), ...former, ...standbys.filter((key) => !isReady(key))].find(
    (key) => key.secret !== null && now < key.signUntil && !outOfUse.has(key.kid),
  );
}
