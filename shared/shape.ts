import { isJsonObject, type JsonObject } from "./json.ts";
import { didYouMean } from "./nearest-word.ts";
import { errorAt, type Path, type Report } from "./trust/model/problem.ts";

/**
 * The shape of one entry of the document. Reading reports every problem at once and takes nothing that is not named:
 * no unknown, repeated or empty entry, no array for an object, no inherited member. `schema` says the same as JSON Schema.
 */
export interface Shape<T> {
  /** @returns the value, or `undefined` where anything in it was reported. */
  readonly read: (value: unknown, at: Path, report: Report) => T | undefined;
  readonly schema: JsonObject;
  readonly optional?: boolean;
}

export interface OptionalShape<T> extends Shape<T> {
  readonly optional: true;
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
type ValueOf<S> = S extends Shape<infer T> ? T : never;
type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never;
}[keyof F];

/** What an object with these fields reads to. */
export type ObjectOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalNames<F>]?: ValueOf<F[K]> };

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { ...shape, optional: true };
}

/** A string that `parse` takes. `expects` ends the sentence "write …". */
export function text<T>(
  expects: string,
  parse: (text: string) => T | undefined,
  schema: JsonObject = {},
): Shape<T> {
  return {
    schema: { type: "string", ...schema },
    read(value, at, report) {
      const parsed = typeof value === "string" ? parse(value) : undefined;
      if (parsed === undefined) report(errorAt(at, "shape", `${shown(value)}; write ${expects}`));
      return parsed;
    },
  };
}

/** One of a few words. */
export function choice<const T extends string | number>(...words: readonly T[]): Shape<T> {
  return {
    schema: { enum: [...words] },
    read(value, at, report) {
      const found = words.find((word) => word === value);
      if (found === undefined) {
        const texts = words.filter((word) => typeof word === "string");
        const hint = typeof value === "string" ? didYouMean(value, texts) : "";
        report(errorAt(at, "shape", `${shown(value)}; write ${words.join(" or ")}${hint}`));
      }
      return found;
    },
  };
}

/** A list of at least `min` entries (1 unless told), at most `max`, no text twice. */
export function list<T>(of: Shape<T>, limits: { min?: number; max: number }): Shape<readonly T[]> {
  const { min = 1, max } = limits;
  return {
    schema: { type: "array", items: of.schema, minItems: min, maxItems: max },
    read(value, at, report) {
      if (!Array.isArray(value)) return refuse(`${shown(value)}; write a list`);
      if (value.length < min) return refuse("the list is empty; write at least one entry, or leave it out");
      if (value.length > max) return refuse(`the list has ${value.length} entries; ${max} is the most`);
      reportRepeated(value, at, report);
      const items = value.map((item, index) => of.read(item, [...at, index], report));
      return items.includes(undefined) ? undefined : (items as T[]);

      function refuse(message: string): undefined {
        report(errorAt(at, "shape", message));
      }
    },
  };
}

/** An object of exactly these fields, which can also be read as far as it is good. */
export interface ObjectShape<F extends Fields> extends Shape<ObjectOf<F>> {
  readonly fields: F;
  /** @returns the fields that are good, after reporting the others. */
  readonly readFields: (value: unknown, at: Path, report: Report) => Partial<ObjectOf<F>>;
}

export function object<const F extends Fields>(fields: F): ObjectShape<F> {
  const names = Object.keys(fields);
  const readFields = (value: unknown, at: Path, report: Report) => {
    const read: Record<string, unknown> = {};
    for (const [name, member] of members(value, names, at, report)) {
      const good = fields[name]?.read(member, [...at, name], report);
      if (good !== undefined) read[name] = good;
    }
    return read as Partial<ObjectOf<F>>;
  };
  return {
    fields,
    readFields,
    schema: {
      type: "object",
      properties: Object.fromEntries(names.map((name) => [name, fields[name]?.schema ?? {}])),
      minProperties: 1,
      required: names.filter((name) => fields[name]?.optional !== true),
      additionalProperties: false,
    },
    read(value, at, report) {
      let good = true;
      const read = readFields(value, at, (problem) => {
        good = false;
        report(problem);
      });
      return good ? (read as ObjectOf<F>) : undefined;
    },
  };

  /** The members that have a shape. Reports the unknown, the missing, and an object of nothing. */
  function members(value: unknown, names: readonly string[], at: Path, report: Report): [string, unknown][] {
    if (!isJsonObject(value) || Object.keys(value).length === 0) {
      report(errorAt(at, "shape", `${shown(value)}; write an object with ${names.join(", ")}`));
      return [];
    }
    reportUnknown(value, names, at, report);
    for (const name of names) {
      if (Object.hasOwn(value, name) || fields[name]?.optional === true) continue;
      report(errorAt(at, "shape", `${name} is missing; add it`));
    }
    return Object.entries(value).filter(([name]) => names.includes(name));
  }
}

/** An object with names of the maintainer's choice, each read by the same shape. */
export function dictionary<T>(
  of: Shape<T>,
  limits: { max: number },
): Shape<readonly (readonly [string, T])[]> {
  const { max } = limits;
  return {
    schema: { type: "object", additionalProperties: of.schema, minProperties: 1, maxProperties: max },
    read(value, at, report) {
      const entries = isJsonObject(value) ? Object.entries(value) : [];
      if (entries.length === 0 || entries.length > max) {
        report(errorAt(at, "shape", `${shown(value)}; write an object with 1 to ${max} entries`));
        return undefined;
      }
      const read = entries.map(([name, member]) => [name, of.read(member, [...at, name], report)] as const);
      return read.some(([, member]) => member === undefined) ? undefined : (read as [string, T][]);
    },
  };
}

/** Any JSON value of bounded depth, taken as it is: the part's own compiler judges it. */
export function json(schema: JsonObject): Shape<unknown> {
  return { schema, read: (value) => value };
}

/** A value in a message: its text where that is short and plain, else what kind of value it is. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return "nothing stands here";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list stands here" : "a list stands here";
  if (typeof value === "object") {
    return Object.keys(value).length === 0 ? "an empty object stands here" : "an object stands here";
  }
  const written = JSON.stringify(value);
  return written.length > 80 ? `a ${typeof value} stands here` : `${written} stands here`;
}

function reportRepeated(items: readonly unknown[], at: Path, report: Report): void {
  const texts = new Set<string>();
  items.forEach((item, index) => {
    if (typeof item !== "string") return;
    if (texts.has(item))
      report(errorAt([...at, index], "duplicate", `${shownName(item)} is in the list already; remove it`));
    texts.add(item);
  });
}

function reportUnknown(value: JsonObject, names: readonly string[], at: Path, report: Report): void {
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    const hint = didYouMean(name, names) || `; write ${names.join(", ")}`;
    report(errorAt([...at, name], "shape", `${shownName(name)} is not an entry here${hint}`));
  }
}

function shownName(name: string): string {
  return name.length > 80 ? "this" : JSON.stringify(name);
}
