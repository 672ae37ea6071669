import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { withinDeadline } from "../../shared/deadline.ts";
import { isJsonObject, type JsonValue } from "../../shared/json.ts";
import type { IssuerKeySource } from "../../shared/jwk/fetch-key-set.ts";
import { type KeySet, parseKeySet } from "../../shared/jwk/key-set.ts";
import {
  KV_TIMEOUT_SECONDS,
  UPSTREAM_COPY_RENEW_SECONDS,
  UPSTREAM_STALE_IF_ERROR_SECONDS,
} from "../limits.ts";

/** A key set as the issuer published it at `fetchedAt`, in Unix seconds. */
export interface HeldKeys {
  readonly keys: KeySet;
  readonly fetchedAt: number;
}

/** The part of a KV namespace that copies of key sets need. */
export interface KeyCopiesKv {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** Names where keys come from, and so whose they are: never a `kid` alone. */
export function sourceName({ issuer, from, uri }: IssuerKeySource): string {
  return `${issuer}\n${from}\n${uri}`;
}

/** Reads the copy that another isolate left. A copy that is missing, late or malformed is none. */
export async function readCopy(
  kv: KeyCopiesKv,
  source: IssuerKeySource,
  now: number,
): Promise<HeldKeys | undefined> {
  try {
    const deadline = AbortSignal.timeout(KV_TIMEOUT_SECONDS * 1000);
    const text = await withinDeadline(kv.get(copyName(source)), deadline);
    return text === null ? undefined : parseCopy(JSON.parse(text) as JsonValue, now);
  } catch {
    return undefined;
  }
}

/** Writes the copy for other isolates where it differs or is old: all isolates together may write a KV key once a second. */
export async function writeCopy(kv: KeyCopiesKv, source: IssuerKeySource, held: HeldKeys): Promise<void> {
  const stored = await readCopy(kv, source, held.fetchedAt);
  const keys = [...held.keys.values()];
  const young = stored !== undefined && held.fetchedAt - stored.fetchedAt < UPSTREAM_COPY_RENEW_SECONDS;
  if (young && JSON.stringify([...stored.keys.values()]) === JSON.stringify(keys)) return;
  const copy = JSON.stringify({ fetchedAt: held.fetchedAt, keys });
  const expirationTtl = UPSTREAM_STALE_IF_ERROR_SECONDS;
  await kv.put(copyName(source), copy, { expirationTtl }).catch(() => undefined);
}

function parseCopy(copy: JsonValue, now: number): HeldKeys | undefined {
  if (!isJsonObject(copy) || typeof copy["fetchedAt"] !== "number") return undefined;
  const { fetchedAt } = copy;
  const keys = parseKeySet(copy, "sig");
  return keys.ok && fetchedAt <= now ? { keys: keys.value.keys, fetchedAt } : undefined;
}

function copyName(source: IssuerKeySource): string {
  return `upstream/${bytesToHex(sha256(utf8ToBytes(sourceName(source))))}`;
}
