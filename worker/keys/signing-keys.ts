import { err, ok, type Result } from "../../shared/result.ts";
import { ALGORITHMS } from "./jwk.ts";
import { type KeeperSettings, keeperSettings } from "./keeping.ts";
import { type ImportTrouble, type ReaderPorts, SigningKeys } from "./reader.ts";
import type { RingKey } from "./ring.ts";
import { importKeks, type KekSecrets, type Keks, open, type PrivateMembers, type Sealed } from "./seal.ts";
import { decodeRing, KV_CACHE_TTL, RING_KEY, type RingKv } from "./store.ts";

/** What of the keeper's stub the reader needs. */
export interface KeeperStub {
  ring(settings: KeeperSettings, now: number): Promise<string>;
}

export interface SigningKeysParts {
  readonly kv: RingKv;
  /** Called for each question: a stub belongs to the request that made it. */
  readonly keeper: () => KeeperStub;
  readonly kek: KekSecrets;
}

/** Milliseconds after which a source counts as down. The keeper may have to make the first RSA key. */
const KV_PATIENCE_MS = 3_000;
const KEEPER_PATIENCE_MS = 15_000;

/** The signing keys of one isolate, read from KV and from the keeper. */
export function createSigningKeys({ kv, keeper, kek }: SigningKeysParts): SigningKeys {
  return new SigningKeys({
    readCopy: () => within(KV_PATIENCE_MS, kv.get(RING_KEY, { type: "text", cacheTtl: KV_CACHE_TTL })),
    askKeeper: (settings, now) => within(KEEPER_PATIENCE_MS, keeper().ring(keeperSettings(settings), now)),
    decode: decodeRing,
    importKey: keyImporter(kek),
  });
}

function keyImporter(secrets: KekSecrets): ReaderPorts["importKey"] {
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
): Promise<Result<CryptoKey, ImportTrouble>> {
  const jwk = { ...key.publicJwk, ...secret };
  try {
    return ok(await crypto.subtle.importKey("jwk", jwk, ALGORITHMS[key.algorithm].import, false, ["sign"]));
  } catch {
    return err("seal_broken");
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
