import type { KekSecrets } from "../../store/secrets.ts";
import { createRingCopies } from "../ring-copy.ts";
import { importKeks, type Kek, type Keks, open, sealRing } from "../seal.ts";
import { generateKey } from "./generate-key.ts";
import { KeeperFailure, type KeyCustody } from "./keeper-ports.ts";

/**
 * The custody of the private keys under the secrets of the Worker.
 *
 * @throws KeeperFailure where a secret is missing or malformed.
 */
export async function keyCustody(secrets: KekSecrets): Promise<KeyCustody> {
  const keks = await importKeks(secrets);
  if (!keks.ok) throw new KeeperFailure("kek_invalid", keks.error);
  const [current, ...former] = keks.value;
  return {
    keks: [current.id, ...former.map(({ id }) => id)],
    open: (key, sequence) => open(key, sequence, keks.value),
    seal: (ring, id) => sealRing(ring, kekOf(keks.value, id)),
    generate: generateKey,
    copies: createRingCopies(secrets),
  };
}

function kekOf(keks: Keks, id: string): Kek {
  const kek = keks.find((one) => one.id === id);
  if (kek === undefined)
    throw new KeeperFailure("kek_unknown", `the key-encryption key ${id} is not configured`);
  return kek;
}
