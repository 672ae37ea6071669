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
  const { now, latest, settings, intervals } = rules;
  if (!settings.algorithms.includes(algorithm)) return [];
  const able = kept.filter((key) => isAble(key, rules));
  const activations = [...replacements(ring, able, algorithm, rules)];
  let last = Math.max(...able.map((key) => key.activateAt), ...activations);
  while (last < horizon(rules)) {
    last = Math.max(last + intervals.keyLifetime, now + intervals.publicationInterval);
    activations.push(last);
  }
  // What a clock that was set back plans for later may come before keys that are in use by now.
  const planned = now < latest ? activations.filter((at) => at <= now) : activations;
  return planned.map((at) => ({
    kid: null,
    algorithm,
    publishAt: now,
    activateAt: at,
    signUntil: at,
    verifyUntil: at,
  }));
}

/** Whether a key may sign now or later. By a clock that was set back, one that was just published is from the future. */
function isAble({ secret, signUntil, publishAt }: RingKey<unknown>, { now, timing }: PlanRules): boolean {
  return secret !== null && now < signUntil && publishAt <= now + timing.clockSkew;
}

/**
 * Whether all keys of an algorithm lie in the future, and none is there to be made known first: a clock that was ahead took
 * away the one that should sign.
 */
function isStranded(succession: readonly RingKey<unknown>[], { now, timing, intervals }: PlanRules): boolean {
  const longestWait = Math.max(timing.preferredPublicationInterval, intervals.publicationInterval);
  return succession.every(
    ({ publishAt, activateAt }) => activateAt > now && activateAt - publishAt > longestWait,
  );
}

/** When new keys become active in the place of those that went before their time. */
function replacements<Secret>(
  ring: Ring<Secret>,
  able: readonly RingKey<Secret>[],
  algorithm: SvidAlgorithm,
  rules: PlanRules,
): readonly number[] {
  const { now, settings, timing, intervals } = rules;
  const before = successionOf(ring.keys, algorithm);
  const onceReady = now + intervals.publicationInterval;
  if (able.length === 0) {
    // An algorithm that is new, or comes back, can wait until relying parties know its key. The first ring can't, nor
    // an algorithm whose keys are revoked, lost or, for want of cron, out of time.
    const isIdle = before.every((key) => now >= key.signUntil && !endedForWantOfCron(key, timing));
    return [ring.keys.length > 0 && isIdle ? onceReady : now - timing.clockSkew];
  }
  if (isStranded(before, rules)) return [now - timing.clockSkew];
  // A relying party that refetches only for an unknown kid keeps a revoked key until it meets one: this one.
  return before.some((key) => settings.revoked.has(key.kid)) ? [onceReady] : [];
}

function endedForWantOfCron({ signUntil, activateAt }: KeyTimes, timing: Timing): boolean {
  return signUntil - activateAt >= timing.graceWithoutCron;
}
