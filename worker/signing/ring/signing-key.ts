import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { type Ring, type RingKey, successionOf } from "./ring.ts";

/**
 * The key that signs at an instant: the newest active one. Where that one is out of use (revoked, lost, or past its
 * time), a standby takes over at once, one that is ready before one that is not; then a former key that may still sign.
 *
 * @param now Unix seconds
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
  const succession = successionOf(ring.keys, algorithm);
  const at = succession.findLastIndex((key) => key.activateAt <= now);
  const current = succession[at];
  // An algorithm that is new or back after a pause does not sign yet: relying parties are still learning its key.
  if (current === undefined || now >= current.signUntil) return undefined;
  const standbys = succession.slice(at + 1);
  const isReady = (key: RingKey<Secret>): boolean => key.publishAt + readyAfter <= now;
  const former = succession.slice(0, at).reverse();
  return [current, ...standbys.filter(isReady), ...former, ...standbys.filter((key) => !isReady(key))].find(
    (key) => key.secret !== null && now < key.signUntil && !outOfUse.has(key.kid),
  );
}
