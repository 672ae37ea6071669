import { ok, type Result } from "../../shared/result.ts";
import type { KekSecrets } from "../store/secrets.ts";
import { createValueMac, type MacFailure } from "../store/value-mac.ts";
import { RING_KEY } from "./kv-ring.ts";

/** The form of the ring in KV: the keeper's original with a MAC, so that no other writer can make one. */
export interface RingCopies {
  /**
   * @param ring the ring as `encodeRing` writes it.
   * @param kek the id of the key-encryption key that seals the ring: whoever opens its keys can check the MAC as well.
   */
  protect(ring: string, kek: string): Promise<string>;
  /** @returns the ring as `encodeRing` wrote it. */
  open(copy: string): Promise<Result<string, MacFailure>>;
}

export function createRingCopies(secrets: KekSecrets): RingCopies {
  const mac = createValueMac(secrets, "ring");
  return {
    protect: (ring, kek) => mac.protect(RING_KEY, { text: ring, attributes: {} }, kek),
    async open(copy) {
      const opened = await mac.open(RING_KEY, copy);
      return opened.ok ? ok(opened.value.text) : opened;
    },
  };
}
