import { secondsSince } from "../../../shared/elapsed.ts";
import type { Timing } from "../../../shared/key-timing.ts";
import type { Ring, Sealed } from "./ring.ts";

/** The ring in an isolate's memory. */
export interface CachedRing {
  /** The ring as `encodeRing` wrote it. */
  readonly text: string;
  readonly ring: Ring<Sealed>;
  /** When a source last gave this ring, or an older one. Unix seconds. */
  readonly readAt: number;
  readonly from: "kv" | "keeper";
}

/** What to do before a cached ring is used: nothing, refresh it after the answer, or refresh it first. */
export type Freshness = "fresh" | "ageing" | "stale";

export function freshness(cached: CachedRing | undefined, now: number, timing: Timing): Freshness {
  if (cached === undefined) return "stale";
  const age = secondsSince(cached.readAt, now);
  if (age < timing.refreshAfter) return "fresh";
  return age < timing.staleAfter ? "ageing" : "stale";
}

/**
 * The better of two rings: KV may answer with an older value after a newer one, so the sequence never goes back. What is
 * in hand is then at least as new as what was just read. Of two rings with one sequence the keeper's is the original.
 */
export function newerRing(held: CachedRing | undefined, read: CachedRing): CachedRing {
  if (held === undefined || read.ring.sequence > held.ring.sequence) return read;
  const isOriginal = read.ring.sequence === held.ring.sequence && read.from === "keeper";
  return isOriginal ? read : { ...held, readAt: read.readAt };
}
