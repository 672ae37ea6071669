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
import type { MacFailure, ValueMac } from "../store/value-mac.ts";

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

export interface KeyCopiesPorts {
  readonly kv: KeyCopiesKv;
  readonly mac: ValueMac;
  /** Is told of a copy that no isolate of this exchange wrote. */
  readonly reportCopy: (key: string, reason: MacFailure) => void;
}

/** Names where keys come from, and so whose they are: never a `kid` alone. */
export function sourceName({ issuer, from, uri }: IssuerKeySource): string {
  return `${issuer}\n${from}\n${uri}`;
}

/** The copy in KV of one source's key set, which isolates leave for each other. */
export class KeyCopy {
  readonly #key: string;
  readonly #ports: KeyCopiesPorts;
  #refusedSince: number | undefined;

  constructor(source: IssuerKeySource, ports: KeyCopiesPorts) {
    // Copies without a MAC, which another version left, have other keys and expire by themselves.
    this.#key = `upstream/v2/${bytesToHex(sha256(utf8ToBytes(sourceName(source))))}`;
    this.#ports = ports;
  }

  /** Since when (Unix seconds) KV has had a copy that no isolate of this exchange wrote. */
  get refusedSince(): number | undefined {
    return this.#refusedSince;
  }

  /** Reads the copy that another isolate left. A copy that is missing, late, malformed or somebody else's is none. */
  async read(now: number): Promise<HeldKeys | undefined> {
    try {
      const deadline = AbortSignal.timeout(KV_TIMEOUT_SECONDS * 1000);
      const stored = await withinDeadline(this.#ports.kv.get(this.#key), deadline);
      const text = stored === null ? undefined : await this.#open(stored, now);
      return text === undefined ? undefined : parseCopy(JSON.parse(text) as JsonValue, now);
    } catch {
      return undefined;
    }
  }

  /** Writes the copy for other isolates where it differs or is old: all isolates together may write a KV key once a second. */
  async write({ keys, fetchedAt }: HeldKeys): Promise<void> {
    const stored = await this.read(fetchedAt);
    const list = [...keys.values()];
    const isYoung = stored !== undefined && fetchedAt - stored.fetchedAt < UPSTREAM_COPY_RENEW_SECONDS;
    if (isYoung && JSON.stringify([...stored.keys.values()]) === JSON.stringify(list)) return;
    const text = JSON.stringify({ fetchedAt, keys: list });
    const expirationTtl = UPSTREAM_STALE_IF_ERROR_SECONDS;
    try {
      const copy = await this.#ports.mac.protect(this.#key, { text, attributes: {} });
      await this.#ports.kv.put(this.#key, copy, { expirationTtl });
    } catch {
      // Other isolates fetch for themselves.
    }
  }

  async #open(stored: string, now: number): Promise<string | undefined> {
    const { mac, reportCopy } = this.#ports;
    const opened = await mac.open(this.#key, stored);
    if (opened.ok) {
      this.#refusedSince = undefined;
      return opened.value.text;
    }
    // While the secret is being changed, isolates with one of the two secrets meet copies of the other; /healthz tells
    // of a malformed secret elsewhere.
    if (opened.error === "kek_unknown" || opened.error === "kek_invalid") return undefined;
    if (this.#refusedSince === undefined) reportCopy(this.#key, opened.error);
    this.#refusedSince ??= now;
    return undefined;
  }
}

function parseCopy(copy: JsonValue, now: number): HeldKeys | undefined {
  if (!isJsonObject(copy) || typeof copy["fetchedAt"] !== "number") return undefined;
  const { fetchedAt } = copy;
  const keys = parseKeySet(copy, "sig");
  return keys.ok && fetchedAt <= now ? { keys: keys.value.keys, fetchedAt } : undefined;
}
