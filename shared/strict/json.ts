import { isJsonObject, type JsonObject, type JsonValue } from "../json.ts";
import { MAX_JSON_DEPTH } from "../limits.ts";
import { err, ok, type Result } from "../result.ts";
import { isPointOrExponent, isRounded, numberAround } from "./json-number.ts";

/** A byte order mark is kept, and then refused by the parser: RFC 8259 §8.1. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
/** `[` and `]` are 0x5b and 0x5d, `{` and `}` 0x7b and 0x7d: one bit apart. */
const CASE_BIT = 0x20;
const OPEN = 0x7b;
const CLOSE = 0x7d;

/**
 * Parses one JSON object from bytes: valid UTF-8 without a byte order mark, nothing after the object, no member twice
 * in one object at any depth (RFC 7515 §4, RFC 7519 §4), at most `maxMembers` members in all and `MAX_JSON_DEPTH`
 * levels, no lone surrogates (RFC 8259 §8.2), no number beyond a double, and none that is rounded to an integer: no two
 * numbers that differ read as one that can be compared. Work is linear in the bytes.
 *
 * @returns the object, or what is wrong as words that follow "it".
 */
export function parseStrictObject(bytes: Uint8Array, maxMembers: number): Result<JsonObject, string> {
  const text = decode(bytes);
  if (text === undefined) return err("is not UTF-8");
  const value = parse(text);
  if (!isJsonObject(value)) return err("is not a JSON object");
  const { depth, members, rounded } = structureOf(bytes);
  if (depth > MAX_JSON_DEPTH) return err("is nested too deep");
  if (members > maxMembers) return err("has too many members");
  const held = membersOf(value);
  if (rounded || Number.isNaN(held)) return err("has a string or number that has no exact value");
  if (held !== members) return err("has the same member twice");
  return ok(value);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function parse(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
}

/**
 * Measures bytes that are known to be JSON: how deep it nests, and how many members it writes, which is how many colons
 * stand outside of its strings. `JSON.parse` keeps the last of two members of one name, so a value that holds fewer
 * members than its text had one twice. It also rounds numbers, and only one with a point or an exponent to an integer
 * that can be compared. Each of these characters is one byte in UTF-8, and no other character has that byte.
 */
function structureOf(bytes: Uint8Array): { depth: number; members: number; rounded: boolean } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  let rounded = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] ?? 0;
    if (byte === QUOTE) i = endOfString(bytes, i);
    else if (byte === COLON) members++;
    else if ((byte | CASE_BIT) === OPEN) deepest = Math.max(deepest, ++depth);
    else if ((byte | CASE_BIT) === CLOSE) depth--;
    else if (isPointOrExponent(bytes, i)) {
      const { number, end } = numberAround(bytes, i);
      rounded ||= isRounded(number);
      i = end - 1;
    }
  }
  return { depth: deepest, members, rounded };
}

/** The closing quote of the string that opens at `start`. */
function endOfString(bytes: Uint8Array, start: number): number {
  let i = start + 1;
  while (bytes[i] !== QUOTE) i += bytes[i] === BACKSLASH ? 2 : 1;
  return i;
}

/** How many members a value holds in all its objects; NaN where a string or number in it has no exact value. */
function membersOf(value: JsonValue): number {
  if (typeof value === "string") return value.isWellFormed() ? 0 : Number.NaN;
  if (typeof value === "number") return Number.isFinite(value) ? 0 : Number.NaN;
  if (typeof value !== "object" || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((count, inner) => count + membersOf(inner), 0);
  let count = 0;
  for (const [name, inner] of Object.entries(value)) count += 1 + membersOf(inner) + membersOf(name);
  return count;
}
