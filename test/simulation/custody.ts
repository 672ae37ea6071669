import { base64url } from "jose";
import { err, ok } from "../../shared/result.ts";
import type { ImportKey } from "../../worker/signing/isolate/imported-keys.ts";
import type { KeyCustody } from "../../worker/signing/keeper/keeper-ports.ts";
import { type PublicJwk, thumbprint } from "../../worker/signing/ring/public-jwk.ts";
import type { RingKey, Sealed } from "../../worker/signing/ring/ring.ts";
import type { RingCopies } from "../../worker/signing/ring-copy.ts";

/** The ids of the key-encryption keys that a running Worker has, the current one first. */
export type Secrets = readonly [string, ...string[]];

/**
 * The custody of the keys without cryptography: a seal is a note of what it was made for, and opens under the same conditions.
 *
 * @param made the kids of the keys that were made.
 */
export function simulatedCustody(keks: Secrets, made: Set<string>): KeyCustody {
  return {
    keks,
    open: async (key, sequence) => opened(key, sequence, keks),
    seal: async (ring, kek) => ({
      ...ring,
      keys: ring.keys.map((key) => ({
        ...key,
        secret: key.secret === null ? null : { kek, iv: String(ring.sequence), box: key.kid },
      })),
    }),
    generate: async (algorithm) => {
      const name = base64url.encode(`simulated-${made.size}`);
      const publicJwk: PublicJwk =
        algorithm === "ES256"
          ? { kty: "EC", crv: "P-256", x: name, y: name }
          : { kty: "RSA", n: name, e: "AQAB" };
      const kid = thumbprint(publicJwk);
      made.add(kid);
      return { kid, publicJwk, secret: { d: kid } };
    },
    copies: simulatedCopies(() => keks),
  };
}

/** A MAC is a note of who made it. What anybody else writes has no such note. */
export function simulatedCopies(keks: () => Secrets): RingCopies {
  return {
    protect: async (ring, kek) => `keeper ${kek}\n${ring}`,
    open: async (copy) => {
      const [, kek, ring] = /^keeper (\S+)\n(.*)$/.exec(copy) ?? [];
      if (kek === undefined || ring === undefined) return err("mac_missing");
      return keks().includes(kek) ? ok(ring) : err("kek_unknown");
    },
  };
}

export function simulatedImport(keks: () => Secrets): ImportKey {
  return async (key, sequence) => {
    const secret = opened(key, sequence, keks());
    return secret.ok ? ok({} as CryptoKey) : secret;
  };
}

function opened(key: RingKey<Sealed>, sequence: number, keks: Secrets) {
  const sealed = key.secret;
  if (sealed === null || !keks.includes(sealed.kek)) return err("kek_unknown" as const);
  const isOurs = sealed.iv === String(sequence) && sealed.box === key.kid;
  return isOurs ? ok({ d: key.kid }) : err("seal_broken" as const);
}
