/** Any value that JSON can hold (RFC 8259 §3). */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns a member that the object has itself: what every object inherits is none. */
export function ownMember(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Whether two JSON values are equal: the order of members does not count. */
export function sameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return withSortedMembers(left) === withSortedMembers(right);
}

function withSortedMembers(value: JsonValue | undefined): string | undefined {
  return JSON.stringify(value, (_, member: unknown) =>
    isJsonObject(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

/** @returns what is at the end of a path of members, or `undefined` where there is none. JSON null is none. */
export function memberAt(object: JsonObject, path: readonly string[]): JsonValue | undefined {
  let value: JsonValue = object;
  for (const step of path) {
    if (!isJsonObject(value)) return undefined;
    value = ownMember(value, step) ?? null;
  }
  return value ?? undefined;
}
