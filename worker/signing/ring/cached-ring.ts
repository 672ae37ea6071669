import type { Timing } from "../../../shared/key-timing.ts";
import type { Sealed } from "../seal.ts";
import type { Ring } from "./ring.ts";

/** An isolate's copy of the ring. */
export interface RingCopy {
  readonly text: string;
  readonly ring: Ring<Sealed>;
  /** The instant up to which the copy is as good as a read. */
  readonly readAt: number;
  readonly from: "kv" | "keeper";
}

/** What to do before a copy is used: nothing, renew it after the answer, or renew it first. */
export type Freshness = "fresh" | "ageing" | "stale";

export function freshness(copy: RingCopy | undefined, now: number, timing: Timing): Freshness {
  if (copy === undefined) return "stale";
  const age = now - copy.readAt;
  if (age < timing.refreshAfter) return "fresh";
  return age < timing.staleAfter ? "ageing" : "stale";
}

/**
 * The better of two copies: KV may answer with an older value after a newer one, so the sequence never goes back. What
 * is in hand is then at least as new as what was just read. Of two copies with one sequence the keeper's is the
 * original, and any is better than one that did not open.
 */
export function newerCopy(held: RingCopy | undefined, read: RingCopy, isDamaged: boolean): RingCopy {
  if (held === undefined || read.ring.sequence > held.ring.sequence) return read;
  const isBetter = read.ring.sequence === held.ring.sequence && (read.from === "keeper" || isDamaged);
  return isBetter ? read : { ...held, readAt: read.readAt };
}
