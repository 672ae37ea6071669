import { err, ok, type Result } from "../../shared/result.ts";
import { decodeBase64url, encodeBase64url } from "../../shared/strict/base64url.ts";
import { type KekSecrets, parseSecrets, type Secret } from "../store/secrets.ts";
import type { Ring, RingKey, Sealed } from "./ring/ring.ts";

/** The private members of a JWK by their names (RFC 7518 §6.2.2, §6.3.2). Never leaves this folder. */
export type PrivateMembers = Readonly<Record<string, string>>;

/** A key-encryption key: a secret of the Worker, with the secret's id. */
export interface Kek {
  readonly id: string;
  readonly key: CryptoKey;
}

/** All that can open; `current` is first. */
export type Keks = readonly [Kek, ...Kek[]];

/**
 * Why a sealed key did not open: its key-encryption key is not configured (an operator's mistake, which can be undone), or
 * the key is not what was sealed (changed, swapped with another, or of an older ring).
 */
export type SealFailure = "kek_unknown" | "seal_broken";

const PURPOSE = "svid-exchange/signing-key/v1";
const IV_BYTES = 12;

/** @returns the keys, or what is wrong with which secret, without its value. */
export async function importKeks(secrets: KekSecrets): Promise<Result<Keks, string>> {
  const parsed = parseSecrets(secrets);
  if (!parsed.ok) return parsed;
  const [current, ...former] = parsed.value;
  return ok([await importKek(current), ...(await Promise.all(former.map(importKek)))]);
}

/** Seals every private key anew under one key-encryption key, bound to this ring's sequence. */
export async function sealRing(ring: Ring<PrivateMembers>, kek: Kek): Promise<Ring<Sealed>> {
  const keys = await Promise.all(
    ring.keys.map(async (key) => ({
      ...key,
      secret: key.secret === null ? null : await seal(key.secret, key, ring.sequence, kek),
    })),
  );
  return { ...ring, keys };
}

/** Opens the private members of one key of a ring. */
export async function open(
  key: RingKey<Sealed>,
  sequence: number,
  keks: Keks,
): Promise<Result<PrivateMembers, SealFailure>> {
  const sealed = key.secret;
  const kek = keks.find(({ id }) => id === sealed?.kek);
  if (sealed === null || kek === undefined) return err("kek_unknown");
  const [iv, box] = [decodeBase64url(sealed.iv), decodeBase64url(sealed.box)];
  if (iv === undefined || box === undefined) return err("seal_broken");
  try {
    const plain = await crypto.subtle.decrypt(gcm(iv, key, sequence), kek.key, box);
    return ok(JSON.parse(new TextDecoder().decode(plain)) as PrivateMembers);
  } catch {
    // WebCrypto gives no reason: what is in the box is not what the keeper sealed.
    return err("seal_broken");
  }
}

async function seal(
  secret: PrivateMembers,
  key: RingKey<unknown>,
  sequence: number,
  kek: Kek,
): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const plain = new TextEncoder().encode(JSON.stringify(secret));
  const box = await crypto.subtle.encrypt(gcm(iv, key, sequence), kek.key, plain);
  return { kek: kek.id, iv: encodeBase64url(iv), box: encodeBase64url(new Uint8Array(box)) };
}

/** The associated data names all that the private key stands for: in another place or ring, the box does not open. */
function gcm(iv: Uint8Array<ArrayBuffer>, key: RingKey<unknown>, sequence: number) {
  const { kid, algorithm, publishAt, activateAt, signUntil, verifyUntil } = key;
  const bound = [PURPOSE, sequence, kid, algorithm, publishAt, activateAt, signUntil, verifyUntil];
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(JSON.stringify(bound)) };
}

async function importKek({ id, bytes }: Secret): Promise<Kek> {
  const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
  return { id, key };
}
