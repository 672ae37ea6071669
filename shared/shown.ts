/** A value in a message: its text where that is short, else what kind of value it is. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing stands here";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list stands here" : "a list stands here";
  if (typeof value === "object") {
    return Object.keys(value).length === 0 ? "an empty object stands here" : "an object stands here";
  }
  const written = JSON.stringify(value);
  return written.length > 80 ? `a ${typeof value} stands here` : `${written} stands here`;
}

/** A name in a message: quoted where it is short. */
export function shownName(name: string): string {
  return name.length > 80 ? "this" : JSON.stringify(name);
}
