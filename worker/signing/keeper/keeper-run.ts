import { minPublicationInterval, TIMING, type Timing } from "../../../shared/key-timing.ts";
import { RING_ASK_AGAIN_SECONDS } from "../../limits.ts";
import { emptyRing, type KeySettings, type Ring, signingKey } from "../ring/ring.ts";
import { advance, bundleSequenceAfter, type NewKey } from "../ring/ring-plan.ts";
import { type Opening, openings } from "../ring/vacancies.ts";
import type { PrivateMembers, Sealed } from "../seal.ts";
import {
  KeeperFailure,
  type KeeperPorts,
  type KeeperRun,
  type KeeperState,
  type Vault,
} from "./keeper-ports.ts";
import { type Inspection, inspect, openAll, publish, restore } from "./kv-copy.ts";

/** What the keeper starts from: the ring that everyone works with, and a successor that KV did not confirm. */
interface Held {
  readonly base: Ring<Sealed>;
  readonly unconfirmed?: Ring<Sealed>;
}

/**
 * One run of the keeper: take the ring (its own, or the copy in KV where its storage is lost), bring it to `now`, and
 * publish it where it changed. The caller lets one run finish before the next begins.
 *
 * As long as KV does not confirm the copy, a run starts again from the ring that everyone has: the times of a key count
 * from the moment that it is published.
 *
 * @throws KeeperFailure, or what a port throws; then the former ring stays in force.
 */
export async function keep(
  ports: KeeperPorts,
  settings: KeySettings,
  now: number,
  timing: Timing = TIMING,
): Promise<KeeperRun> {
  const vault = await ports.vault();
  const known = noteKek((await ports.load()) ?? (await stateFromCopy(ports, now)), vault, now);
  const inspection = await inspect(ports, known, vault, now, timing);
  const { state, isDamaged, foreignSequence } = inspection;
  const held = heldRings(ports, state, now);
  const rules = withDropped(settings, held, now);
  const opened = held === undefined ? emptyRing(now) : await openAll(held.base, vault, rules, now);
  const spare = await unconfirmedKeys(held, vault, rules, now);
  const fresh = await filled(openings(opened, now, rules, timing), spare, vault);
  const next = advance<PrivateMembers>(opened, now, rules, fresh, timing);
  const kek = sealingKek(state, held, vault, now, timing);
  const { published, pending } = state;
  const isIdle = next === opened && pending === null && foreignSequence === 0;
  if (held !== undefined && published !== null && isIdle && isSealedUnder(held.base, opened, kek)) {
    return restore(ports, state, published, isDamaged, now);
  }
  const numbered = { ...next, ...sequencesAfter(held, opened, next, rules, inspection) };
  return publish(ports, state, await vault.seal(numbered, kek), now);
}

/** Whether a reader's question can't wait for cron: there is no ring, none of its keys can sign, or one is revoked. */
export function isUrgent(
  ports: Pick<KeeperPorts, "decode">,
  state: KeeperState | undefined,
  settings: KeySettings,
  now: number,
  timing: Timing = TIMING,
): boolean {
  const held = state === undefined ? undefined : heldRings(ports, state, now);
  if (state === undefined || held === undefined) return true;
  if (state.pending !== null && now - state.triedAt < RING_ASK_AGAIN_SECONDS) return false;
  const isRevoked = held.base.keys.some((key) => settings.revoked.has(key.kid));
  return isRevoked || openings(held.base, now, settings, timing).some(({ activateAt }) => activateAt <= now);
}

/** The ring that readers get: the unconfirmed one only where the other can't sign and it can. */
export function servedRing(
  ports: Pick<KeeperPorts, "decode">,
  state: KeeperState,
  settings: KeySettings,
  now: number,
  timing: Timing = TIMING,
): string | undefined {
  const held = heldRings(ports, state, now);
  const { published, pending } = state;
  if (held?.unconfirmed === undefined) return published ?? pending ?? undefined;
  const signs = (ring: Ring<Sealed>): number =>
    settings.algorithms.filter((algorithm) =>
      signingKey(ring, algorithm, now, settings.revoked, minPublicationInterval(timing)),
    ).length;
  return (signs(held.unconfirmed) > signs(held.base) ? pending : published) ?? undefined;
}

async function stateFromCopy(ports: KeeperPorts, now: number): Promise<KeeperState> {
  const copy = await ports.readCopy();
  if (copy !== null && !ports.decode(copy, now).ok) {
    throw new KeeperFailure("copy_invalid", "the keeper's storage is empty and KV's ring is not readable");
  }
  return { published: copy, pending: null, copiedAt: 0, triedAt: 0, sealing: null };
}

function noteKek(state: KeeperState, vault: Vault, now: number): KeeperState {
  const [kek] = vault.keks;
  return state.sealing?.kek === kek ? state : { ...state, sealing: { kek, since: now } };
}

function heldRings(
  ports: Pick<KeeperPorts, "decode">,
  { published, pending }: KeeperState,
  now: number,
): Held | undefined {
  const base = published ?? pending;
  if (base === null) return undefined;
  if (published === null || pending === null) return { base: decoded(ports, base, now) };
  return { base: decoded(ports, published, now), unconfirmed: decoded(ports, pending, now) };
}

function decoded(ports: Pick<KeeperPorts, "decode">, text: string, now: number): Ring<Sealed> {
  const ring = ports.decode(text, now);
  if (ring.ok) return ring.value;
  throw new KeeperFailure("copy_invalid", `the keeper's own ring is not readable: ${ring.error}`);
}

/** A key that the unconfirmed ring dropped as revoked stays dropped, whatever document this run was given. */
function withDropped(settings: KeySettings, held: Held | undefined, now: number): KeySettings {
  const { base, unconfirmed } = held ?? {};
  if (base === undefined || unconfirmed === undefined) return settings;
  const kept = new Set(unconfirmed.keys.map((key) => key.kid));
  const dropped = base.keys.filter((key) => !kept.has(key.kid) && now < key.verifyUntil);
  return { ...settings, revoked: new Set([...settings.revoked, ...dropped.map((key) => key.kid)]) };
}

/** The keys that were made for the unconfirmed ring: KV may have shown them, so they are used again. */
async function unconfirmedKeys(
  held: Held | undefined,
  vault: Vault,
  settings: KeySettings,
  now: number,
): Promise<readonly NewKey<PrivateMembers>[]> {
  if (held?.unconfirmed === undefined) return [];
  const confirmed = new Set(held.base.keys.map((key) => key.kid));
  const { keys } = await openAll(held.unconfirmed, vault, settings, now);
  return keys.flatMap(({ kid, algorithm, publicJwk, secret }) =>
    secret === null || confirmed.has(kid) || settings.revoked.has(kid)
      ? []
      : [{ kid, algorithm, publicJwk, secret }],
  );
}

async function filled(
  places: readonly Opening[],
  spare: readonly NewKey<PrivateMembers>[],
  vault: Vault,
): Promise<readonly NewKey<PrivateMembers>[]> {
  const left = [...spare];
  const taken = places.map(({ algorithm }) => {
    const at = left.findIndex((key) => key.algorithm === algorithm);
    return at < 0 ? vault.generate(algorithm) : left.splice(at, 1);
  });
  return (await Promise.all(taken)).flat();
}

/** Both sequences rise above everything that anyone may have seen. */
function sequencesAfter(
  held: Held | undefined,
  opened: Ring<PrivateMembers>,
  next: Ring<PrivateMembers>,
  settings: KeySettings,
  { foreignSequence }: Inspection,
): Pick<Ring<unknown>, "sequence" | "bundleSequence"> {
  const last = held?.unconfirmed;
  const sequence = Math.max(opened.sequence, last?.sequence ?? 0, foreignSequence) + 1;
  if (last === undefined) return { sequence, bundleSequence: next.bundleSequence };
  return { sequence, bundleSequence: bundleSequenceAfter(last, settings.revoked, next.keys) };
}

/** A new key-encryption key seals once it has settled, so that no running Worker meets a ring that it can't open. */
function sealingKek(
  state: KeeperState,
  held: Held | undefined,
  vault: Vault,
  now: number,
  timing: Timing,
): string {
  const [current] = vault.keks;
  const former = held?.base.keys.find((key) => key.secret !== null)?.secret?.kek;
  const isSettled = now - (state.sealing?.since ?? now) >= timing.deploymentDelay;
  return isSettled || former === undefined || !vault.keks.includes(former) ? current : former;
}

/** True where every private key is as it should be: under this key-encryption key, none lost, none to be erased. */
function isSealedUnder(held: Ring<Sealed>, opened: Ring<PrivateMembers>, kek: string): boolean {
  return held.keys.every((key, index) =>
    key.secret === null ? true : key.secret.kek === kek && opened.keys[index]?.secret !== null,
  );
}
