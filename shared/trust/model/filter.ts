import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

export interface Filter {
  /** The length of every result, where it is always the same. */
  readonly fixedLength?: number;
  /** The most bytes that one byte of input can become. */
  readonly growth: number;
  readonly apply: (text: string) => string;
}

/** 128 bits of SHA-256: no two inputs that anybody can find give one result. */
const HASH_DIGITS = 32;

/** What a template may do to a value. Only `lower` is lossy, for names that the provider compares without case. */
export const FILTERS = {
  /** The value may be several path segments: its `/` stay, and each segment is validated. */
  path: { growth: 1, apply: (text) => text },
  /** Every byte outside `[A-Za-z0-9.-]` becomes `_XX`: any text fits one segment, and different texts stay different. */
  enc: { growth: 3, apply: encode },
  hash: { growth: 0, fixedLength: HASH_DIGITS, apply: hashOf },
  /** ASCII only: a Kelvin sign must not become a k. */
  lower: { growth: 1, apply: (text) => text.replace(/[A-Z]+/g, (capitals) => capitals.toLowerCase()) },
} as const satisfies Record<string, Filter>;

export type FilterName = keyof typeof FILTERS;

export function isFilterName(name: string): name is FilterName {
  return Object.hasOwn(FILTERS, name);
}

function encode(text: string): string {
  return text.replace(/[^A-Za-z0-9.-]+/g, (run) =>
    Array.from(utf8ToBytes(run), (byte) => `_${byte.toString(16).toUpperCase().padStart(2, "0")}`).join(""),
  );
}

function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, HASH_DIGITS);
}
