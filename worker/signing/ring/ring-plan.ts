import { TIMING, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { keptKeys } from "./kept-keys.ts";
import { type Place, rescheduled, withEnds } from "./key-times.ts";
import { type PlanRules, type PlanTime, planRules } from "./plan-rules.ts";
import type { PublicJwk } from "./public-jwk.ts";
import { bundleSequenceAfter, firstBundleSequence } from "./published-keys.ts";
import { type KeySettings, type Ring, type RingKey, successionOf } from "./ring.ts";
import { type Vacancy, vacanciesOf } from "./vacancies.ts";

/** A key as the generator makes it; the vacancy that it fills gives its algorithm and its times. */
export interface NewKey<Secret> {
  readonly kid: string;
  readonly publicJwk: PublicJwk;
  readonly secret: Secret;
}

/** A ring as it should be at an instant, complete but for its new keys. */
export interface RingPlan<Secret> {
  /** The ring that was planned from. */
  readonly before: Ring<Secret>;
  readonly settings: KeySettings;
  /** The keys that stay and the vacancies, in the order of the planned ring, each with the times that it will have. */
  readonly places: readonly Place<Secret>[];
  /** Those of the places that wait for a new key. */
  readonly vacancies: readonly Vacancy[];
  /** The ring is as it should be already. */
  readonly isIdle: boolean;
}

/** A ring that has no keys yet. Its numbers start at the clock, so a ring made anew is above the one that it replaces. */
export function emptyRing(now: number): Ring<never> {
  return { sequence: now, bundleSequence: firstBundleSequence(now), rotateEverySeconds: 0, keys: [] };
}

/**
 * Plans the ring for an instant: revoked keys go, private keys are erased and public keys removed when their times are
 * over, vacancies open where a successor is due, and each key ends as its successor demands. The plan depends on nothing
 * but its arguments, so a run that is missed, late, doubled or concurrent with another does no harm.
 */
export function planRing<Secret>(
  before: Ring<Secret>,
  time: PlanTime,
  settings: KeySettings,
  timing: Timing = TIMING,
): RingPlan<Secret> {
  const rules = planRules(time, settings, timing);
  const algorithms = new Set([...before.keys.map((key) => key.algorithm), ...settings.algorithms]);
  const places = [...algorithms].sort().flatMap((algorithm) => placesOf(before, algorithm, rules));
  const isIdle = !isReplanned(before, settings) && isSame(places, before.keys);
  return { before, settings, places, vacancies: places.filter((place) => place.kid === null), isIdle };
}

/** Makes the planned ring with one new key for each vacancy. An idle plan gives back the very ring. */
export async function fillPlan<Secret>(
  { before, settings, places, isIdle }: RingPlan<Secret>,
  newKey: (vacancy: Vacancy) => Promise<NewKey<Secret>>,
): Promise<Ring<Secret>> {
  if (isIdle) return before;
  const keys = await Promise.all(
    places.map(async (place) => (place.kid === null ? filled(place, await newKey(place)) : place)),
  );
  return {
    sequence: before.sequence + 1,
    bundleSequence: bundleSequenceAfter(before, settings.revoked, keys),
    rotateEverySeconds: settings.rotateEverySeconds,
    keys,
  };
}

function placesOf<Secret>(
  before: Ring<Secret>,
  algorithm: SvidAlgorithm,
  rules: PlanRules,
): readonly Place<Secret>[] {
  const kept = keptKeys(before, algorithm, rules);
  const vacancies = vacanciesOf(before, kept, algorithm, rules);
  const succession = successionOf<Place<Secret>>([...kept, ...vacancies], algorithm);
  return withEnds(isReplanned(before, rules.settings) ? rescheduled(succession, rules) : succession, rules);
}

function isReplanned(before: Ring<unknown>, settings: KeySettings): boolean {
  return before.keys.length > 0 && before.rotateEverySeconds !== settings.rotateEverySeconds;
}

function isSame<Secret>(places: readonly Place<Secret>[], keys: readonly RingKey<Secret>[]): boolean {
  return places.length === keys.length && places.every((place) => keys.some((key) => key === place));
}

function filled<Secret>(vacancy: Vacancy, { kid, publicJwk, secret }: NewKey<Secret>): RingKey<Secret> {
  const { kid: _, algorithm, ...times } = vacancy;
  return { kid, algorithm, publicJwk, secret, ...times };
}
