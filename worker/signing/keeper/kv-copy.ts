import { hasPassed } from "../../../shared/elapsed.ts";
import type { Timing } from "../../../shared/key-timing.ts";
import type { Ring, Sealed } from "../ring/ring.ts";
import { encodeRing } from "../ring/ring-codec.ts";
import type { KeeperPorts, KeeperRun, KeeperState, KeyCustody } from "./keeper-ports.ts";
import type { KeeperTime } from "./keeper-time.ts";

/** What a run of the keeper writes with. */
export interface RingWriter {
  readonly ports: KeeperPorts;
  readonly custody: KeyCustody;
  /** The id of the key-encryption key that seals the ring. */
  readonly kek: string;
  readonly time: KeeperTime;
}

/**
 * Writes a ring: to the keeper's storage as pending, so that it is known whatever KV does; to KV; and, where KV took it, to
 * the storage as published.
 */
export async function publish(
  writer: RingWriter,
  state: KeeperState,
  ring: Ring<Sealed>,
): Promise<KeeperRun> {
  const { ports, time } = writer;
  const { now } = time;
  const text = encodeRing(ring);
  const tried = { ...state, triedAt: now };
  await ports.save({ ...tried, pending: text });
  const copied = await tryWriteCopy(writer, text);
  if (copied) await ports.save({ ...copiedState(tried, now), published: text, pending: null });
  return { changed: true, copied, time: time.kind };
}

/** What the keeper found in KV, against the ring that it published there. */
export interface Inspection {
  /** The state to go on from: a newer ring that this keeper wrote takes the place of its own. */
  readonly state: KeeperState;
  /** Someone changed, deleted or rolled back the copy, or it has no MAC yet. */
  readonly isDamaged: boolean;
}

/**
 * Compares the copy in KV with the published ring. Where a copy whose MAC holds is ahead, the keeper's storage is what was
 * rolled back. A copy younger than the KV delay, or one that can't be read now, is not judged.
 */
export async function inspect(
  ports: KeeperPorts,
  state: KeeperState,
  custody: KeyCustody,
  now: number,
  timing: Timing,
): Promise<Inspection> {
  const unjudged: Inspection = { state, isDamaged: !isCopyAuthenticated(state) };
  const { published, pending } = state;
  if (published === null || pending !== null || !hasPassed(timing.kvDelay, state.copiedAt, now))
    return unjudged;
  const copy = await ports.readCopy().catch(() => undefined);
  if (copy === undefined) return unjudged;
  const found = copy === null ? undefined : await custody.copies.open(copy);
  if (!found?.ok) return { state, isDamaged: true };
  if (found.value === published) return { state, isDamaged: false };
  if (!isAhead(ports, found.value, published)) return { state, isDamaged: true };
  return { state: { ...copiedState(state, now), published: found.value }, isDamaged: false };
}

/** Whether the copy in KV has a MAC, by what the keeper remembers. */
export function isCopyAuthenticated({ copiedAt, authenticatedAt }: KeeperState): boolean {
  return authenticatedAt === copiedAt;
}

/** Ends a run that changes nothing. */
export async function keep({ ports, time }: RingWriter, state: KeeperState): Promise<KeeperRun> {
  await ports.save(state);
  return { changed: false, copied: true, time: time.kind };
}

/** Ends a run that changes nothing but the copy in KV, which was damaged: writes the published ring there again. */
export async function restore(writer: RingWriter, state: KeeperState, ring: string): Promise<KeeperRun> {
  const { ports, time } = writer;
  const { now } = time;
  const tried = { ...state, triedAt: now };
  const copied = await tryWriteCopy(writer, ring);
  await ports.save(copied ? copiedState(tried, now) : tried);
  return { changed: false, copied, time: time.kind };
}

function copiedState(state: KeeperState, now: number): KeeperState {
  return { ...state, copiedAt: now, authenticatedAt: now };
}

function isAhead({ decode }: Pick<KeeperPorts, "decode">, copy: string, published: string): boolean {
  const [found, own] = [decode(copy), decode(published)];
  return found.ok && own.ok && found.value.sequence > own.value.sequence;
}

async function tryWriteCopy({ ports, custody, kek }: RingWriter, ring: string): Promise<boolean> {
  const copy = await custody.copies.protect(ring, kek);
  try {
    await ports.writeCopy(copy);
    return true;
  } catch {
    // Readers still have the former ring, or ask the keeper; the next run publishes this one.
    return false;
  }
}
