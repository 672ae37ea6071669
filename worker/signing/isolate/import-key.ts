import { JWS_ALGORITHMS } from "../../../shared/jws-algorithms.ts";
import { err, ok, type Result } from "../../../shared/result.ts";
import type { KekSecrets } from "../../store/secrets.ts";
import type { ImportFailure } from "../health/observed.ts";
import type { RingKey, Sealed } from "../ring/ring.ts";
import { importKeks, type Keks, open, type PrivateMembers } from "../seal.ts";
import type { ImportKey } from "./imported-keys.ts";

/** Opens and imports keys with the secrets of the Worker, which are imported once. */
export function importKeyWith(secrets: KekSecrets): ImportKey {
  let keks: Keks | undefined;
  return async (key, sequence) => {
    if (keks === undefined) {
      const imported = await importKeks(secrets);
      if (!imported.ok) return err("kek_invalid");
      keks = imported.value;
    }
    const opened = await open(key, sequence, keks);
    return opened.ok ? importPrivate(key, opened.value) : opened;
  };
}

async function importPrivate(
  key: RingKey<Sealed>,
  secret: PrivateMembers,
): Promise<Result<CryptoKey, ImportFailure>> {
  const jwk = { ...key.publicJwk, ...secret };
  const { keyParams } = JWS_ALGORITHMS[key.algorithm];
  try {
    return ok(await crypto.subtle.importKey("jwk", jwk, keyParams, false, ["sign"]));
  } catch {
    return err("seal_broken");
  }
}
