import type { PlanTime } from "../ring/plan-rules.ts";
import type { KeySettings, Ring, RingKey, Sealed } from "../ring/ring.ts";
import type { decodeRing } from "../ring/ring-codec.ts";
import type { PrivateMembers } from "../seal.ts";
import { KeeperFailure, type KeeperState, type KeyCustody } from "./keeper-ports.ts";

/** The rings that a run of the keeper starts from. */
export interface HeldRings {
  /** The ring that everyone works with. */
  readonly base: Ring<Sealed>;
  /** Its successor, which KV did not confirm. */
  readonly unconfirmed?: Ring<Sealed>;
}

/** @throws KeeperFailure where a ring of the state is not readable. */
export function heldRings(
  decode: typeof decodeRing,
  { published, pending }: KeeperState,
): HeldRings | undefined {
  const base = published ?? pending;
  if (base === null) return undefined;
  if (published === null || pending === null) return { base: decoded(decode, base) };
  return { base: decoded(decode, published), unconfirmed: decoded(decode, pending) };
}

function decoded(decode: typeof decodeRing, text: string): Ring<Sealed> {
  const ring = decode(text);
  if (ring.ok) return ring.value;
  throw new KeeperFailure("copy_invalid", `the keeper's own ring is not readable: ${ring.error}`);
}

/** A key that the unconfirmed ring dropped as revoked stays dropped, whatever document this run was given. */
export function withDropped(
  settings: KeySettings,
  held: HeldRings | undefined,
  { earliest }: PlanTime,
): KeySettings {
  const { base, unconfirmed } = held ?? {};
  if (base === undefined || unconfirmed === undefined) return settings;
  const kept = new Set(unconfirmed.keys.map((key) => key.kid));
  const dropped = base.keys.filter((key) => !kept.has(key.kid) && earliest < key.verifyUntil);
  return { ...settings, revoked: new Set([...settings.revoked, ...dropped.map((key) => key.kid)]) };
}

/**
 * Opens what may still sign. A key whose seal is broken is lost: it stays without its private half.
 *
 * @throws KeeperFailure where a key is sealed with a secret that is not configured.
 */
export async function openRing(
  ring: Ring<Sealed>,
  custody: KeyCustody,
  { revoked }: Pick<KeySettings, "revoked">,
  { earliest }: PlanTime,
): Promise<Ring<PrivateMembers>> {
  const keys = await Promise.all(
    ring.keys.map(async (key): Promise<RingKey<PrivateMembers>> => {
      const isOver = key.secret === null || earliest >= key.signUntil || revoked.has(key.kid);
      const opened = isOver ? undefined : await custody.open(key, ring.sequence);
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
