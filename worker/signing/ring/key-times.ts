import { horizon, type PlanRules } from "./plan-rules.ts";
import type { RingKey } from "./ring.ts";
import type { Vacancy } from "./vacancies.ts";

/** What a planned ring is made of: a key that stays, or a vacancy for a new one. */
export type Place<Secret> = RingKey<Secret> | Vacancy;

/**
 * The succession of an algorithm with other activations of its standbys, as a new `rotateEvery` demands. A standby that
 * becomes active earlier than planned leaves time for its own successor to be published and ready before.
 */
export function rescheduled<Secret>(
  succession: readonly Place<Secret>[],
  rules: PlanRules,
): readonly Place<Secret>[] {
  let previous: number | undefined;
  return succession.map((place) => {
    const activateAt =
      previous === undefined || place.activateAt <= rules.now
        ? place.activateAt
        : activationAfter(previous, place, rules);
    previous = activateAt;
    return activateAt === place.activateAt ? place : { ...place, activateAt };
  });
}

function activationAfter<Secret>(previous: number, place: Place<Secret>, rules: PlanRules): number {
  const { keyLifetime, publicationInterval } = rules.intervals;
  const wanted = Math.max(previous + keyLifetime, place.publishAt + publicationInterval);
  if (wanted >= place.activateAt) return wanted;
  return Math.min(place.activateAt, Math.max(wanted, horizon(rules)));
}

/** A key signs until its successor is in use everywhere, and verifies until nothing that it signed is valid. */
export function withEnds<Secret>(
  succession: readonly Place<Secret>[],
  rules: PlanRules,
): readonly Place<Secret>[] {
  const { signingDelay, retireInterval } = rules.intervals;
  return succession.map((place, index) => {
    const successor = succession[index + 1];
    const due = successor === undefined ? endOfLast(place, rules) : successor.activateAt + signingDelay;
    const signUntil = isErased(place) ? Math.min(due, place.signUntil) : due;
    if (signUntil === place.signUntil) return place;
    return { ...place, signUntil, verifyUntil: signUntil + retireInterval };
  });
}

function endOfLast<Secret>(place: Place<Secret>, { now, settings, intervals }: PlanRules): number {
  const { keyLifetime, signingDelay, lifetimeWithoutSuccessor } = intervals;
  if (settings.algorithms.includes(place.algorithm)) return place.activateAt + lifetimeWithoutSuccessor;
  return Math.min(place.signUntil, Math.max(place.activateAt + keyLifetime, now) + signingDelay);
}

function isErased<Secret>(place: Place<Secret>): boolean {
  return place.kid !== null && place.secret === null;
}
