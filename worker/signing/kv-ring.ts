/** The key of the one KV value that holds the whole ring: no two parts of it can be of different ages. */
export const RING_KEY = "ring";

/** Seconds that a KV location may answer from its cache; 30 is the least that KV takes. */
const KV_CACHE_TTL = 30;

/** What of Workers KV a reader of the ring needs. */
export interface RingKv {
  get(key: string, options: { type: "text"; cacheTtl: number }): Promise<string | null>;
}

/** What of Workers KV the keeper needs. */
export interface WritableRingKv extends RingKv {
  put(key: string, value: string): Promise<void>;
}

/** @returns the copy of the ring in KV, with its MAC; `null` where there is none. */
export function readRing(kv: RingKv): Promise<string | null> {
  return kv.get(RING_KEY, { type: "text", cacheTtl: KV_CACHE_TTL });
}

export function writeRing(kv: WritableRingKv, copy: string): Promise<void> {
  return kv.put(RING_KEY, copy);
}
