import type { Timing } from "../../../shared/key-timing.ts";
import type { Ring, Sealed } from "../ring/ring.ts";
import { encodeRing } from "../ring/ring-codec.ts";
import type { KeeperPorts, KeeperRun, KeeperState, KeyCustody } from "./keeper-ports.ts";

/**
 * Writes a ring: to the keeper's storage as pending, so that it is known whatever KV does; to KV; and, where KV took it, to
 * the storage as published.
 */
export async function publish(
  ports: KeeperPorts,
  state: KeeperState,
  ring: Ring<Sealed>,
  now: number,
): Promise<KeeperRun> {
  const text = encodeRing(ring);
  const tried = { ...state, triedAt: now };
  await ports.save({ ...tried, pending: text });
  const copied = await tryWriteCopy(ports, text);
  if (copied) await ports.save({ ...tried, published: text, pending: null, copiedAt: now });
  return { changed: true, copied };
}

/** What the keeper found in KV, against the ring that it published there. */
export interface Inspection {
  /** The state to go on from: a newer ring that only a keeper can have sealed takes the place of its own. */
  readonly state: KeeperState;
  /** Someone changed, deleted or rolled back the copy. */
  readonly isDamaged: boolean;
  /** The sequence of a ring that no keeper sealed: the next ring has a higher one. 0 where there is no such ring. */
  readonly foreignSequence: number;
}

/**
 * Compares the copy in KV with the published ring. Where the copy is ahead and opens, the keeper's storage is what was
 * rolled back. A copy younger than the KV delay, or one that can't be read now, is not judged.
 */
export async function inspect(
  ports: KeeperPorts,
  state: KeeperState,
  custody: KeyCustody,
  now: number,
  timing: Timing,
): Promise<Inspection> {
  const fine: Inspection = { state, isDamaged: false, foreignSequence: 0 };
  const { published, pending } = state;
  if (published === null || pending !== null || now - state.copiedAt <= timing.kvDelay) return fine;
  const copy = await ports.readCopy().catch(() => published);
  if (copy === published) return fine;
  const own = ports.decode(published, now);
  const found = copy === null ? undefined : ports.decode(copy, now);
  const isAhead = found?.ok && own.ok && found.value.sequence > own.value.sequence;
  if (copy === null || !isAhead) return { ...fine, isDamaged: true };
  const isOurs = await opensWhole(found.value, custody);
  if (isOurs) return { ...fine, state: { ...state, published: copy, copiedAt: now } };
  return { state, isDamaged: true, foreignSequence: found.value.sequence };
}

/** Ends a run that changes nothing: writes the published ring to KV again where the copy was damaged. */
export async function restore(
  ports: KeeperPorts,
  state: KeeperState,
  ring: string,
  isDamaged: boolean,
  now: number,
): Promise<KeeperRun> {
  const copied = !isDamaged || (await tryWriteCopy(ports, ring));
  await ports.save(isDamaged && copied ? { ...state, copiedAt: now } : state);
  return { changed: false, copied };
}

async function opensWhole(ring: Ring<Sealed>, custody: KeyCustody): Promise<boolean> {
  const sealed = ring.keys.filter((key) => key.secret !== null);
  const outcomes = await Promise.all(sealed.map((key) => custody.open(key, ring.sequence)));
  return outcomes.length > 0 && outcomes.every((outcome) => outcome.ok);
}

async function tryWriteCopy(ports: KeeperPorts, text: string): Promise<boolean> {
  try {
    await ports.writeCopy(text);
    return true;
  } catch {
    // Readers still have the former ring, or ask the keeper; the next run publishes this one.
    return false;
  }
}
