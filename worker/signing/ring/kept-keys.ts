import { minPublicationInterval, propagationDelay } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { horizon, type PlanRules } from "./plan-rules.ts";
import { type KeyTimes, type Ring, type RingKey, successionOf } from "./ring.ts";
import { signingKey } from "./signing-key.ts";

/**
 * The keys of an algorithm that stay in the ring, in the order of activation: revoked, dead and misdated keys go, and so does
 * the private half of a key that never signs again.
 */
export function keptKeys<Secret>(
  ring: Ring<Secret>,
  algorithm: SvidAlgorithm,
  rules: PlanRules,
): readonly RingKey<Secret>[] {
  const { earliest, settings } = rules;
  const kept = successionOf(ring.keys, algorithm)
    .filter((key) => !settings.revoked.has(key.kid) && earliest < key.verifyUntil && !isMisdated(key, rules))
    .map((key) => (earliest >= key.signUntil ? erased(key) : key));
  if (!settings.algorithms.includes(algorithm)) return windingDown(kept, rules);
  const standIn = standInOf(ring, algorithm, rules);
  return kept.map((key) => (key === standIn ? activated(key, rules) : key));
}

/** A clock that was ahead published the key. No right clock has it signed with yet. */
function isMisdated({ publishAt }: KeyTimes, { latest, isSettled, timing }: PlanRules): boolean {
  return isSettled && publishAt > latest + timing.clockSkew;
}

/** The standby that signs before its time, because the key before it cannot. */
function standInOf<Secret>(
  ring: Ring<Secret>,
  algorithm: SvidAlgorithm,
  { now, settings, timing }: PlanRules,
): RingKey<Secret> | undefined {
  const signs = signingKey(ring, algorithm, now, settings.revoked, minPublicationInterval(timing));
  const isOneRevoked = successionOf(ring.keys, algorithm).some((key) => settings.revoked.has(key.kid));
  const activeSince = isOneRevoked ? now - timing.clockSkew : now;
  return signs !== undefined && signs.activateAt > activeSince ? signs : undefined;
}

/** Active by every reader's clock, slow ones too. */
function activated<Secret>(key: RingKey<Secret>, { now, timing }: PlanRules): RingKey<Secret> {
  return { ...key, activateAt: now - timing.clockSkew };
}

/**
 * An algorithm that left the trust document gets no successor: where one would be due, the standbys go instead, but for
 * one that becomes active before every reader can know.
 */
function windingDown<Secret>(kept: readonly RingKey<Secret>[], rules: PlanRules): readonly RingKey<Secret>[] {
  const { now, timing } = rules;
  const last = kept.at(-1);
  const isSuccessorDue = last !== undefined && last.activateAt <= horizon(rules);
  const everyReaderKnows = now + propagationDelay(timing) + timing.clockSkew;
  return isSuccessorDue ? kept.filter((key) => key.activateAt <= everyReaderKnows) : kept;
}

function erased<Secret>(key: RingKey<Secret>): RingKey<Secret> {
  return key.secret === null ? key : { ...key, secret: null };
}
