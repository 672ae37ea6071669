import { isJsonObject, type JsonValue } from "../../json.ts";

/** What a condition compares one by one: the elements of an array, or the value itself. */
export function elementsOf(value: JsonValue): readonly JsonValue[] {
  return Array.isArray(value) ? value : [value];
}

/**
 * Strings as they are, booleans as `true` and `false`, integers in decimal. Nothing else has a canonical string: not a
 * fraction, and not an integer beyond 2^53, which JSON readers round to its neighbour.
 */
export function canonicalScalar(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "boolean" || Number.isSafeInteger(value)) return String(value);
  return undefined;
}

/** Whether a value is or holds an integer beyond 2^53: what the token wrote may have been its neighbour. */
export function holdsRounded(value: JsonValue): boolean {
  if (typeof value === "number") return Number.isInteger(value) && !Number.isSafeInteger(value);
  if (isJsonObject(value)) return Object.values(value).some(holdsRounded);
  return Array.isArray(value) && value.some(holdsRounded);
}
