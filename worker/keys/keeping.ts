import { TIMING, type Timing } from "../../shared/keys-timing.ts";
import type { Result } from "../../shared/result.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";
import { advance, type NewKey, openings, republish } from "./lifecycle.ts";
import { emptyRing, type KeySettings, type Ring, type RingKey } from "./ring.ts";
import type { PrivateMembers, Sealed, SealTrouble } from "./seal.ts";
import { type decodeRing, encodeRing } from "./store.ts";

/** The name of the one object of its class. */
export const KEEPER_NAME = "ring";

/** `keys` of the trust document in a form that crosses to the object. */
export interface KeeperSettings {
  readonly rotateEverySeconds: number;
  readonly algorithms: readonly SvidAlgorithm[];
  readonly revoked: readonly string[];
}

export function keeperSettings({ rotateEverySeconds, algorithms, revoked }: KeySettings): KeeperSettings {
  return { rotateEverySeconds, algorithms: [...algorithms], revoked: [...revoked] };
}

export function settingsOf({ rotateEverySeconds, algorithms, revoked }: KeeperSettings): KeySettings {
  return { rotateEverySeconds, algorithms, revoked: new Set(revoked) };
}

/** What the keeper remembers between two calls, as texts of `encodeRing`. */
export interface KeeperState {
  /** The ring whose copy is in KV. */
  readonly published: string | null;
  /** A later ring whose copy may not have reached KV. */
  readonly pending: string | null;
  /** When the copy was last written. */
  readonly copiedAt: number;
  /** The key-encryption key that was last configured, and since when: it seals only once it has settled. */
  readonly sealing: { readonly kek: string; readonly since: number } | null;
}

/** Sealing, opening and making keys. */
export interface Vault {
  /** The ids of the key-encryption keys, the current one first. */
  readonly keks: readonly [string, ...string[]];
  open(key: RingKey<Sealed>, sequence: number): Promise<Result<PrivateMembers, SealTrouble>>;
  seal(ring: Ring<PrivateMembers>, kek: string): Promise<Ring<Sealed>>;
  generate(algorithm: SvidAlgorithm): Promise<NewKey<PrivateMembers>>;
}

/** Where the keeper keeps its state, and the KV copy that everyone reads. */
export interface KeeperPorts {
  load(): Promise<KeeperState | undefined>;
  save(state: KeeperState): Promise<void>;
  readCopy(): Promise<string | null>;
  writeCopy(text: string): Promise<void>;
  vault(): Promise<Vault>;
  decode: typeof decodeRing;
}

/** What one run did. `copied` is false where KV did not take the ring: the next run tries again. */
export interface KeeperRun {
  readonly ring: string;
  readonly changed: boolean;
  readonly copied: boolean;
}

/** The keeper can't go on, and nothing was changed; `code` is what /healthz and the log call it. */
export class KeeperFailure extends Error {
  readonly code: "kek_unknown" | "copy_invalid";

  constructor(code: KeeperFailure["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * One run of the keeper: take the ring (its own, or the copy in KV where its storage is lost), bring it to `now`, and
 * publish it where it changed. The caller lets one run finish before the next begins.
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
  const state = noteKek((await ports.load()) ?? (await stateFromCopy(ports, now)), vault, now);
  const held = heldRing(ports, state, now);
  const opened = held === undefined ? emptyRing(now) : await openAll(held, vault, settings, now);
  const due =
    state.pending === null ? opened : republish(opened, publishedKids(ports, state, now), now, timing);
  const places = openings(due, now, settings, timing);
  const fresh = await Promise.all(places.map(({ algorithm }) => vault.generate(algorithm)));
  const next = advance<PrivateMembers>(due, now, settings, fresh, timing);
  const kek = sealingKek(state, held, vault, now, timing);
  const isIdle = next === opened && state.pending === null;
  if (held !== undefined && state.published !== null && isIdle && isSealedUnder(held, opened, kek)) {
    return repair(ports, state, state.published, held, vault, now, timing);
  }
  const sequence = opened.sequence + 1;
  return publish(ports, state, await vault.seal({ ...next, sequence }, kek), now);
}

/** Whether a reader's question should bring the ring to `now` first, without waiting for cron. */
export function isWorkDue(
  ports: Pick<KeeperPorts, "decode">,
  state: KeeperState | undefined,
  settings: KeySettings,
  now: number,
  timing: Timing = TIMING,
): boolean {
  const held = state === undefined ? undefined : heldRing(ports, state, now);
  if (held === undefined) return true;
  const isRevoked = held.keys.some((key) => settings.revoked.has(key.kid));
  return isRevoked || openings(held, now, settings, timing).length > 0;
}

/** The ring that readers get: the pending one only where there is no other that could sign. */
export function servedRing(
  ports: Pick<KeeperPorts, "decode">,
  state: KeeperState,
  settings: KeySettings,
  now: number,
  timing: Timing = TIMING,
): string | undefined {
  const { published, pending } = state;
  if (published === null || pending === null) return published ?? pending ?? undefined;
  const isUsable = !isWorkDue(ports, { ...state, pending: null }, settings, now, timing);
  return isUsable ? published : pending;
}

async function stateFromCopy(ports: KeeperPorts, now: number): Promise<KeeperState> {
  const copy = await ports.readCopy();
  if (copy !== null && !ports.decode(copy, now).ok) {
    throw new KeeperFailure(
      "copy_invalid",
      "the keeper's storage is empty and the ring in KV is not readable",
    );
  }
  return { published: copy, pending: null, copiedAt: 0, sealing: null };
}

function noteKek(state: KeeperState, vault: Vault, now: number): KeeperState {
  const [kek] = vault.keks;
  return state.sealing?.kek === kek ? state : { ...state, sealing: { kek, since: now } };
}

function heldRing(
  ports: Pick<KeeperPorts, "decode">,
  state: KeeperState,
  now: number,
): Ring<Sealed> | undefined {
  const text = state.pending ?? state.published;
  if (text === null) return undefined;
  const ring = ports.decode(text, now);
  if (!ring.ok)
    throw new KeeperFailure("copy_invalid", `the keeper's own ring is not readable: ${ring.error}`);
  return ring.value;
}

function publishedKids(ports: KeeperPorts, state: KeeperState, now: number): ReadonlySet<string> {
  const ring = state.published === null ? undefined : ports.decode(state.published, now);
  return new Set(ring?.ok ? ring.value.keys.map((key) => key.kid) : []);
}

/** Opens what may still sign. A key that is broken beyond repair is lost; one under an unknown secret stops the run. */
async function openAll(
  ring: Ring<Sealed>,
  vault: Vault,
  settings: KeySettings,
  now: number,
): Promise<Ring<PrivateMembers>> {
  const keys = await Promise.all(
    ring.keys.map(async (key): Promise<RingKey<PrivateMembers>> => {
      const isOver = key.secret === null || now >= key.signUntil || settings.revoked.has(key.kid);
      const opened = isOver ? undefined : await vault.open(key, ring.sequence);
      if (opened?.ok === false && opened.error === "kek_unknown") {
        throw new KeeperFailure(
          "kek_unknown",
          `the key ${key.kid} is sealed with a secret that is not configured`,
        );
      }
      return { ...key, secret: opened?.ok ? opened.value : null };
    }),
  );
  return { ...ring, keys };
}

/** A new key-encryption key seals once it has settled, so that no running Worker meets a ring that it can't open. */
function sealingKek(
  state: KeeperState,
  held: Ring<Sealed> | undefined,
  vault: Vault,
  now: number,
  timing: Timing,
): string {
  const [current] = vault.keks;
  const former = held?.keys.find((key) => key.secret !== null)?.secret?.kek;
  const settled = now - (state.sealing?.since ?? now) >= timing.sealingSettles;
  return settled || former === undefined || !vault.keks.includes(former) ? current : former;
}

/** True where every private key is as it should be: under this key-encryption key, none lost, none to be erased. */
function isSealedUnder(held: Ring<Sealed>, opened: Ring<PrivateMembers>, kek: string): boolean {
  return held.keys.every((key, index) =>
    key.secret === null ? true : key.secret.kek === kek && opened.keys[index]?.secret !== null,
  );
}

async function publish(
  ports: KeeperPorts,
  state: KeeperState,
  ring: Ring<Sealed>,
  now: number,
): Promise<KeeperRun> {
  const text = encodeRing(ring);
  const pending = { ...state, pending: text };
  await ports.save(pending);
  const copied = await writes(ports, text);
  if (copied) await ports.save({ ...state, published: text, pending: null, copiedAt: now });
  return { ring: text, changed: true, copied };
}

/** With nothing to do, sees that KV holds the ring: someone may have changed, deleted or rolled back the copy. */
async function repair(
  ports: KeeperPorts,
  state: KeeperState,
  ring: string,
  held: Ring<Sealed>,
  vault: Vault,
  now: number,
  timing: Timing,
): Promise<KeeperRun> {
  await ports.save(state);
  if (now - state.copiedAt <= timing.kvDelay) return { ring, changed: false, copied: true };
  const copy = await ports.readCopy();
  if (copy === ring) return { ring, changed: false, copied: true };
  const found = copy === null ? undefined : ports.decode(copy, now);
  const ahead = found?.ok && found.value.sequence > held.sequence ? found.value : undefined;
  if (copy !== null && ahead !== undefined) return overtaken(ports, state, held, copy, ahead, vault, now);
  const copied = await writes(ports, ring);
  if (copied) await ports.save({ ...state, copiedAt: now });
  return { ring, changed: false, copied };
}

/**
 * KV is ahead of the keeper. Only a keeper can seal: where the copy opens, the keeper's storage is the one that was
 * rolled back, and the copy is taken. Otherwise the copy is not ours, and is written over, above its sequence.
 */
async function overtaken(
  ports: KeeperPorts,
  state: KeeperState,
  held: Ring<Sealed>,
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
  const none: KeySettings = {
    rotateEverySeconds: held.rotateEverySeconds,
    algorithms: [],
    revoked: new Set(),
  };
  const opened = await openAll(held, vault, none, now);
  const above = { ...opened, sequence: ahead.sequence + 1 };
  return publish(ports, state, await vault.seal(above, vault.keks[0]), now);
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
