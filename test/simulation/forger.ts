import { base64url } from "jose";
import { thumbprint } from "../../worker/signing/ring/public-jwk.ts";
import type { Random } from "./random.ts";

/** What somebody who can write KV, and does not know the sealing key, makes of the copy of the ring. */
export function forgedCopy(copy: string, random: Random, now: number): string {
  const [mac = "", ring = ""] = copy.split("\n");
  const forged = withForgedKey(ring, random, now);
  return random.pick([`${mac.replace("keeper", "forger")}\n${forged}`, forged, ring, "{}"]);
}

/** The forger has the private half, so the ring needs none. */
function withForgedKey(ring: string, random: Random, now: number): string {
  const content = JSON.parse(ring);
  const name = base64url.encode(`forged-${random.between(0, 1e9)}`);
  const publicJwk = { kty: "EC", crv: "P-256", x: name, y: name } as const;
  const times = { publishAt: now, activateAt: now, signUntil: now, verifyUntil: now + 1e8 };
  const key = { kid: thumbprint(publicJwk), algorithm: "ES256", publicJwk, secret: null, ...times };
  return JSON.stringify({ ...content, sequence: content.sequence + 1_000, keys: [...content.keys, key] });
}
