import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { withinDeadline } from "../../shared/deadline.ts";
import { isJsonObject, type JsonValue } from "../../shared/json.ts";
import { type KeySet, parseKeySet } from "../../shared/jwk/key-set.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import { KV_TIMEOUT_SECONDS, UPSTREAM_COPY_RENEW_SECONDS, UPSTREAM_LAST_GOOD_SECONDS } from "../limits.ts";

/** A key set as the issuer published it at `fetchedAt`, in Unix seconds. */
export interface HeldKeys {
  readonly keys: KeySet;
  readonly fetchedAt: number;
}

/** The part of a KV namespace that copies of key sets need. */
export interface KeyCopies {
  get(key: string): Promise<string | null>;
  put(key: string, value: string, options: { expirationTtl: number }): Promise<void>;
}

/** Where an issuer's keys come from, and so whose they are: never a `kid` alone. */
export function sourceOf(issuer: AllowedIssuer): string {
  return `${issuer.issuer}\n${issuer.keys.from}\n${issuer.keys.from === "inline" ? "" : issuer.keys.uri}`;
}

/** Reads the copy that another isolate left. A copy that is missing, slow or not to be understood is no copy. */
export async function readCopy(
  kv: KeyCopies,
  issuer: AllowedIssuer,
  now: number,
): Promise<HeldKeys | undefined> {
  try {
    const deadline = AbortSignal.timeout(KV_TIMEOUT_SECONDS * 1000);
    const text = await withinDeadline(kv.get(copyName(issuer)), deadline);
    return text === null ? undefined : parseCopy(JSON.parse(text) as JsonValue, now);
  } catch {
    return undefined;
  }
}

/** Leaves a copy for other isolates where theirs differs or is old: a KV key takes one write a second, of all of them. */
export async function writeCopy(kv: KeyCopies, issuer: AllowedIssuer, held: HeldKeys): Promise<void> {
  const stored = await readCopy(kv, issuer, held.fetchedAt);
  const keys = [...held.keys.values()];
  const young = stored !== undefined && held.fetchedAt - stored.fetchedAt < UPSTREAM_COPY_RENEW_SECONDS;
  if (young && JSON.stringify([...stored.keys.values()]) === JSON.stringify(keys)) return;
  const copy = JSON.stringify({ fetchedAt: held.fetchedAt, keys });
  const expirationTtl = UPSTREAM_LAST_GOOD_SECONDS;
  await kv.put(copyName(issuer), copy, { expirationTtl }).catch(() => undefined);
}

function parseCopy(copy: JsonValue, now: number): HeldKeys | undefined {
  if (!isJsonObject(copy) || typeof copy["fetchedAt"] !== "number") return undefined;
  const { fetchedAt } = copy;
  const keys = parseKeySet(copy, "sig");
  return keys.ok && fetchedAt <= now ? { keys: keys.value.keys, fetchedAt } : undefined;
}

function copyName(issuer: AllowedIssuer): string {
  return `upstream/${bytesToHex(sha256(utf8ToBytes(sourceOf(issuer))))}`;
}
