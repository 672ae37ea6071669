import { rolloverIntervals, TIMING, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { algorithmsOf, settle } from "./kept-keys.ts";
import { fitEnds, replanned } from "./key-times.ts";
import type { PublicJwk } from "./public-jwk.ts";
import { type KeySettings, lineOf, nextBundleSequence, type Ring, type RingKey } from "./ring.ts";
import { type Opening, openings } from "./vacancies.ts";

/** A key as the generator makes it, before it has any times. */
export interface NewKey<Secret> {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly publicJwk: PublicJwk;
  readonly secret: Secret;
}

/**
 * The ring as it should be at an instant: revoked keys gone, private keys erased and public keys removed when their
 * times are over, openings filled, every key's end fitted to its successor. It depends on nothing but its arguments,
 * so a run that is missed, late, doubled or concurrent with another does no harm, and a run with nothing to do returns
 * the very ring that it was given.
 *
 * @param fresh one new key for each of the `openings` of the same ring, instant and settings.
 */
export function advance<Secret>(
  ring: Ring<Secret>,
  now: number,
  settings: KeySettings,
  fresh: readonly NewKey<Secret>[],
  timing: Timing = TIMING,
): Ring<Secret> {
  const intervals = rolloverIntervals(settings.rotateEverySeconds, timing);
  const kept = settle(ring, now, settings, timing);
  const added = place(openings(ring, now, settings, timing), fresh, now);
  const replan = ring.keys.length > 0 && ring.rotateEverySeconds !== settings.rotateEverySeconds;
  const timed = algorithmsOf([...kept, ...added]).flatMap((algorithm) => {
    const line = lineOf([...kept, ...added], algorithm);
    const wanted = settings.algorithms.includes(algorithm);
    return fitEnds(replan ? replanned(line, now, intervals) : line, now, intervals, wanted);
  });
  if (!replan && ring.keys.length > 0 && sameKeys(timed, ring.keys)) return ring;
  return {
    sequence: ring.sequence + 1,
    bundleSequence: bundleSequenceAfter(ring, settings.revoked, timed),
    rotateEverySeconds: settings.rotateEverySeconds,
    keys: timed,
  };
}

function place<Secret>(
  places: readonly Opening[],
  fresh: readonly NewKey<Secret>[],
  now: number,
): readonly RingKey<Secret>[] {
  const left = [...fresh];
  return places.map(({ algorithm, activateAt }) => {
    const at = left.findIndex((key) => key.algorithm === algorithm);
    const [key] = at < 0 ? [] : left.splice(at, 1);
    if (key === undefined) throw new Error(`no new key for an opening of ${algorithm}`);
    return { ...key, publishAt: now, activateAt, signUntil: activateAt, verifyUntil: activateAt };
  });
}

function sameKeys<Secret>(a: readonly RingKey<Secret>[], b: readonly RingKey<Secret>[]): boolean {
  return a.length === b.length && a.every((key) => b.includes(key));
}

/** The bundle sequence of a changed ring, from what readers made of the one before: it changes as the kids do. */
export function bundleSequenceAfter(
  before: Ring<unknown>,
  revoked: ReadonlySet<string>,
  after: readonly RingKey<unknown>[],
): number {
  const shown = before.keys.filter((key) => !revoked.has(key.kid)).map((key) => key.kid);
  const readersSequence = before.bundleSequence + before.keys.length - shown.length;
  const same = shown.length === after.length && after.every((key) => shown.includes(key.kid));
  return same ? readersSequence : nextBundleSequence(readersSequence);
}
