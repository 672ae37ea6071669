import { err, ok, type Result } from "../../../shared/result.ts";
import { withinDeadline } from "../../deadline.ts";
import { KEEPER_TIMEOUT_SECONDS, KV_TIMEOUT_SECONDS } from "../../limits.ts";
import type { ImportTrouble } from "../health/reports.ts";
import { KEEPER_NAME, type KeeperSettings, keeperSettings } from "../keeper/keeper-ports.ts";
import { ALGORITHMS } from "../ring/public-jwk.ts";
import type { RingKey } from "../ring/ring.ts";
import { decodeRing, KV_CACHE_TTL, RING_KEY, type RingKv } from "../ring/ring-codec.ts";
import { importKeks, type KekSecrets, type Keks, open, type PrivateMembers, type Sealed } from "../seal.ts";
import { type ReaderPorts, SigningKeys } from "./signing-keys.ts";

export type { Signer, SigningKeys } from "./signing-keys.ts";

/** What of the keeper's stub the reader needs. */
export interface KeeperStub {
  ring(settings: KeeperSettings, now: number): Promise<string>;
}

export interface SigningKeysParts {
  readonly kv: RingKv;
  /** The namespace, asked for a stub at each question: a stub belongs to the request that made it. */
  readonly keeper: { getByName(name: string): KeeperStub };
  readonly kek: KekSecrets;
}

/** The signing keys of one isolate, read from KV and from the keeper. */
export function createSigningKeys({ kv, keeper, kek }: SigningKeysParts): SigningKeys {
  return new SigningKeys({
    readCopy: () => within(KV_TIMEOUT_SECONDS, kv.get(RING_KEY, { type: "text", cacheTtl: KV_CACHE_TTL })),
    askKeeper: (settings, now) =>
      within(KEEPER_TIMEOUT_SECONDS, keeper.getByName(KEEPER_NAME).ring(keeperSettings(settings), now)),
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

function within<T>(seconds: number, work: Promise<T>): Promise<T> {
  return withinDeadline(work, AbortSignal.timeout(seconds * 1000));
}
