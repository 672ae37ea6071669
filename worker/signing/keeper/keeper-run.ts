import { TIMING, type Timing } from "../../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import { bundleSequenceAfter } from "../ring/published-keys.ts";
import type { KeySettings, Ring } from "../ring/ring.ts";
import { emptyRing, fillPlan, type NewKey, planRing } from "../ring/ring-plan.ts";
import type { Vacancy } from "../ring/vacancies.ts";
import type { PrivateMembers } from "../seal.ts";
import { type HeldRings, heldRings, openRing, withDropped } from "./held-rings.ts";
import {
  KeeperFailure,
  type KeeperPorts,
  type KeeperRun,
  type KeeperState,
  type KeyCustody,
} from "./keeper-ports.ts";
import { type Clocks, type KeeperTime, keeperTime } from "./keeper-time.ts";
import { inspect, keep, publish, restore } from "./kv-copy.ts";
import { isSealedUnder, noteKek, sealingKek } from "./sealing-kek.ts";

/** Why and when the keeper runs. */
export interface RunCall {
  readonly clocks: Clocks;
  /** `cron`: what is due is done, and can wait for the next run. `reader`: somebody who cannot sign asks. */
  readonly from: "cron" | "reader";
}

/**
 * One run of the keeper: judge the time, take the ring (its own, or the copy in KV where its storage is lost), plan it for
 * that time, fill the plan with new keys, and publish what changed. The caller lets one run finish before the next begins.
 *
 * As long as KV does not confirm the copy, a run starts again from the ring that everyone has: the times of a key count
 * from the moment that it is published.
 *
 * @throws KeeperFailure, or what a port throws; then the former ring stays in force.
 */
export async function runKeeper(
  ports: KeeperPorts,
  settings: KeySettings,
  { clocks, from }: RunCall,
  timing: Timing = TIMING,
): Promise<KeeperRun> {
  const custody = await ports.custody();
  const loaded = (await ports.load()) ?? (await stateFromCopy(ports, custody));
  const time = keeperTime(clocks, loaded.clock, timing);
  if (time.kind === "unsure" && from === "cron") throw clocksDiffer(clocks);
  const known = noteKek(noteTime(loaded, time), custody, time);
  const { state, isDamaged } = await inspect(ports, known, custody, time.now, timing);
  const held = heldRings(ports.decode, state);
  const inForce = withDropped(settingsFor(time, settings, held), held, time);
  const opened = held === undefined ? emptyRing(time.now) : await openRing(held.base, custody, inForce, time);
  const spare = await spareKeys(held, custody, inForce, time);
  const plan = planRing<PrivateMembers>(opened, time, inForce, timing);
  const kek = sealingKek(state, held?.base, custody, time, timing);
  const writer = { ports, custody, kek, time };
  const { published, pending } = state;
  const isUnchanged = plan.isIdle && pending === null;
  if (held !== undefined && published !== null && isUnchanged && isSealedUnder(held.base, opened, kek)) {
    return isDamaged ? restore(writer, state, published) : keep(writer, state);
  }
  const next = await fillPlan(plan, newKeysFrom(spare, custody));
  const numbered = { ...next, ...sequencesAfter(held, opened, next, inForce) };
  return publish(writer, state, await custody.seal(numbered, kek));
}

function clocksDiffer({ own, caller }: Clocks): KeeperFailure {
  return new KeeperFailure("clocks_differ", `the keeper's clock is ${own - caller} s ahead of its caller's`);
}

function noteTime(state: KeeperState, { known }: KeeperTime): KeeperState {
  return known === undefined ? state : { ...state, clock: known };
}

/** Standbys are not rescheduled by a time that may be wrong. */
function settingsFor(
  { isSettled }: KeeperTime,
  settings: KeySettings,
  held: HeldRings | undefined,
): KeySettings {
  if (isSettled || held === undefined) return settings;
  return { ...settings, rotateEverySeconds: held.base.rotateEverySeconds };
}

/** Only a ring that this keeper wrote can take the place of a lost storage: anyone who can write KV can delete the MAC. */
async function stateFromCopy(ports: KeeperPorts, custody: KeyCustody): Promise<KeeperState> {
  const copy = await ports.readCopy();
  const opened = copy === null ? undefined : await custody.copies.open(copy);
  const isReadable = opened === undefined || (opened.ok && ports.decode(opened.value).ok);
  if (!isReadable) {
    const why = opened.ok ? "not readable" : `not one that the keeper wrote (${opened.error})`;
    throw new KeeperFailure("copy_invalid", `the keeper's storage is empty and KV's ring is ${why}`);
  }
  const published = opened?.ok ? opened.value : null;
  return { published, pending: null, copiedAt: 0, authenticatedAt: 0, triedAt: 0, sealing: null };
}

/** A key that was made for the unconfirmed ring. KV may have shown it, so it is used before another one is made. */
interface SpareKey extends NewKey<PrivateMembers> {
  readonly algorithm: SvidAlgorithm;
}

async function spareKeys(
  held: HeldRings | undefined,
  custody: KeyCustody,
  settings: KeySettings,
  time: KeeperTime,
): Promise<readonly SpareKey[]> {
  if (held?.unconfirmed === undefined) return [];
  const confirmed = new Set(held.base.keys.map((key) => key.kid));
  const { keys } = await openRing(held.unconfirmed, custody, settings, time);
  return keys.flatMap(({ kid, algorithm, publicJwk, secret }) =>
    secret === null || confirmed.has(kid) || settings.revoked.has(kid)
      ? []
      : [{ kid, algorithm, publicJwk, secret }],
  );
}

function newKeysFrom(spare: readonly SpareKey[], custody: KeyCustody) {
  const left = [...spare];
  return async ({ algorithm }: Vacancy): Promise<NewKey<PrivateMembers>> => {
    const at = left.findIndex((key) => key.algorithm === algorithm);
    const [key] = at < 0 ? [] : left.splice(at, 1);
    return key ?? custody.generate(algorithm);
  };
}

/** Both sequences rise above everything that anyone may have seen. */
function sequencesAfter(
  held: HeldRings | undefined,
  opened: Ring<PrivateMembers>,
  next: Ring<PrivateMembers>,
  settings: KeySettings,
): Pick<Ring<unknown>, "sequence" | "bundleSequence"> {
  const last = held?.unconfirmed;
  const sequence = Math.max(opened.sequence, last?.sequence ?? 0) + 1;
  if (last === undefined) return { sequence, bundleSequence: next.bundleSequence };
  return { sequence, bundleSequence: bundleSequenceAfter(last, settings.revoked, next.keys) };
}
