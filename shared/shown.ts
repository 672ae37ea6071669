/** A value as the subject of a message: its text where that is short, else what kind of value it is. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "the value is missing";
  if (Array.isArray(value)) return value.length === 0 ? "the value is an empty list" : "the value is a list";
  if (typeof value === "object") {
    return Object.keys(value).length === 0 ? "the value is an empty object" : "the value is an object";
  }
  const written = JSON.stringify(value);
  return written.length > 80 ? `the value is a long ${typeof value}` : `the value is ${written}`;
}

/** A name in a message: quoted where it is short. */
export function shownName(name: string): string {
  return name.length > 80 ? "this name" : JSON.stringify(name);
}
