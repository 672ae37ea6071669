import type { Timing } from "../../shared/keys-timing.ts";
import {
  KeeperFailure,
  type KeeperPorts,
  type KeeperRun,
  type KeeperState,
  type Vault,
} from "./keeper-ports.ts";
import type { KeySettings, Ring, RingKey } from "./ring.ts";
import type { PrivateMembers, Sealed } from "./seal.ts";
import { encodeRing } from "./store.ts";

/** Opens what may still sign. A key whose seal is broken is lost; one under an unknown secret stops the run. */
export async function openAll(
  ring: Ring<Sealed>,
  vault: Vault,
  settings: Pick<KeySettings, "revoked">,
  now: number,
): Promise<Ring<PrivateMembers>> {
  const keys = await Promise.all(
    ring.keys.map(async (key): Promise<RingKey<PrivateMembers>> => {
      const isOver = key.secret === null || now >= key.signUntil || settings.revoked.has(key.kid);
      const opened = isOver ? undefined : await vault.open(key, ring.sequence);
      if (opened?.ok === false && opened.error === "kek_unknown") {
        throw new KeeperFailure(
          "kek_unknown",
          `key ${key.kid} is sealed with a secret that is not configured`,
        );
      }
      return { ...key, secret: opened?.ok ? opened.value : null };
    }),
  );
  return { ...ring, keys };
}

/** Writes a ring: first down here, so that it is known whatever KV does; then to KV; then as published. */
export async function publish(
  ports: KeeperPorts,
  state: KeeperState,
  ring: Ring<Sealed>,
  now: number,
): Promise<KeeperRun> {
  const text = encodeRing(ring);
  const tried = { ...state, triedAt: now };
  await ports.save({ ...tried, pending: text });
  const copied = await writes(ports, text);
  if (copied) await ports.save({ ...tried, published: text, pending: null, copiedAt: now });
  return { ring: text, changed: true, copied };
}

/** With nothing to do, sees that KV holds the ring: someone may have changed, deleted or rolled back the copy. */
export async function repair(
  ports: KeeperPorts,
  state: KeeperState,
  text: string,
  ring: Ring<Sealed>,
  vault: Vault,
  now: number,
  timing: Timing,
): Promise<KeeperRun> {
  await ports.save(state);
  const unchanged: KeeperRun = { ring: text, changed: false, copied: true };
  if (now - state.copiedAt <= timing.kvDelay) return unchanged;
  const copy = await ports.readCopy();
  if (copy === text) return unchanged;
  const found = copy === null ? undefined : ports.decode(copy, now);
  if (copy !== null && found?.ok && found.value.sequence > ring.sequence) {
    return overtaken(ports, state, ring, copy, found.value, vault, now);
  }
  const copied = await writes(ports, text);
  if (copied) await ports.save({ ...state, copiedAt: now });
  return { ...unchanged, copied };
}

/**
 * KV is ahead of the keeper. Only a keeper can seal: where the copy opens, the keeper's storage is the one that was
 * rolled back, and the copy is taken. Otherwise the copy is not ours, and is written over, above its sequence.
 */
async function overtaken(
  ports: KeeperPorts,
  state: KeeperState,
  ring: Ring<Sealed>,
  copy: string,
  ahead: Ring<Sealed>,
  vault: Vault,
  now: number,
): Promise<KeeperRun> {
  const sealed = ahead.keys.filter((key) => key.secret !== null);
  const outcomes = await Promise.all(sealed.map((key) => vault.open(key, ahead.sequence)));
  if (outcomes.length > 0 && outcomes.every((outcome) => outcome.ok)) {
    await ports.save({ ...state, published: copy, copiedAt: now });
    return { ring: copy, changed: true, copied: true };
  }
  const opened = await openAll(ring, vault, { revoked: new Set() }, now);
  return publish(
    ports,
    state,
    await vault.seal({ ...opened, sequence: ahead.sequence + 1 }, vault.keks[0]),
    now,
  );
}

async function writes(ports: KeeperPorts, text: string): Promise<boolean> {
  try {
    await ports.writeCopy(text);
    return true;
  } catch {
    // Readers still have the former ring, or ask the object; the next run publishes this one.
    return false;
  }
}
