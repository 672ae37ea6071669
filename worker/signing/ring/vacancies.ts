import type { Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { horizon, type PlanRules } from "./plan-rules.ts";
import { type KeyTimes, type Ring, type RingKey, successionOf } from "./ring.ts";

/** A place of the ring that waits for a new key, with the times that the key will have. */
export interface Vacancy extends KeyTimes {
  readonly kid: null;
  readonly algorithm: SvidAlgorithm;
}

/**
 * The vacancies of an algorithm. Every key that becomes active before the horizon has a successor, so that a standby key
 * (RFC 7583 §4) is ready at all times.
 *
 * @param kept the keys of the algorithm that stay in the ring.
 */
export function vacanciesOf<Secret>(
  ring: Ring<Secret>,
  kept: readonly RingKey<Secret>[],
  algorithm: SvidAlgorithm,
  rules: PlanRules,
): readonly Vacancy[] {
  const { now, settings, intervals } = rules;
  if (!settings.algorithms.includes(algorithm)) return [];
  const able = kept.filter((key) => key.secret !== null);
  const activations = [...replacements(ring, able, algorithm, rules)];
  let last = Math.max(...able.map((key) => key.activateAt), ...activations);
  while (last < horizon(rules)) {
    last = Math.max(last + intervals.keyLifetime, now + intervals.publicationInterval);
    activations.push(last);
  }
  return activations.map((at) => ({
    kid: null,
    algorithm,
    publishAt: now,
    activateAt: at,
    signUntil: at,
    verifyUntil: at,
  }));
}

/** When new keys become active in the place of those that went before their time. */
function replacements<Secret>(
  ring: Ring<Secret>,
  able: readonly RingKey<Secret>[],
  algorithm: SvidAlgorithm,
  { now, settings, timing, intervals }: PlanRules,
): readonly number[] {
  const before = successionOf(ring.keys, algorithm);
  const onceReady = now + intervals.publicationInterval;
  if (able.length === 0) {
    // An algorithm that is new, or comes back, can wait until relying parties know its key. The first ring can't, nor
    // an algorithm whose keys are revoked, lost or, for want of cron, out of time.
    const isIdle = before.every((key) => now >= key.signUntil && !endedForWantOfCron(key, timing));
    return [ring.keys.length > 0 && isIdle ? onceReady : now - timing.clockSkew];
  }
  // A relying party that refetches only for an unknown kid keeps a revoked key until it meets one: this one.
  return before.some((key) => settings.revoked.has(key.kid)) ? [onceReady] : [];
}

function endedForWantOfCron({ signUntil, activateAt }: KeyTimes, timing: Timing): boolean {
  return signUntil - activateAt >= timing.graceWithoutCron;
}
