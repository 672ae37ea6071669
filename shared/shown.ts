/** A value as the subject of a message: its text where that is short, else what kind of value it is. */
export function shown(value: unknown): string {
  return `the value is ${describe(value)}`;
}

/** A name in a message: quoted where it is short. */
export function shownName(name: string): string {
  return name.length > 80 ? "this name" : JSON.stringify(name);
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return "missing";
  if (typeof value === "object") {
    const [filled, empty] = Array.isArray(value)
      ? ["a list", "an empty list"]
      : ["an object", "an empty object"];
    return Object.keys(value).length > 0 ? filled : empty;
  }
  const written = JSON.stringify(value);
  return written.length > 80 ? `a long ${typeof value}` : written;
}
