import { isJsonObject, type JsonObject } from "./json.ts";
import { didYouMean } from "./nearest-word.ts";
import { type Path, type Shape, type ShapeReport, shapeProblem } from "./shape.ts";
import { shown, shownName } from "./shown.ts";

export interface OptionalShape<T> extends Shape<T> {
  readonly optional: true;
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
/** What a shape reads to. */
export type ValueOf<S> = S extends Shape<infer T> ? T : never;
type OptionalNames<F extends Fields> = {
  [K in keyof F]: F[K] extends OptionalShape<unknown> ? K : never;
}[keyof F];

type ObjectOf<F extends Fields> = {
  readonly [K in Exclude<keyof F, OptionalNames<F>>]: ValueOf<F[K]>;
} & { readonly [K in OptionalNames<F>]?: ValueOf<F[K]> };

/** An object of exactly the fields that it names, which can also be read as far as it is good. */
export interface ObjectShape<T> extends Shape<T> {
  /** @returns the fields that are good, after reporting the others. */
  readonly readFields: (value: unknown, at: Path, report: ShapeReport) => Partial<T>;
}

export function optional<T>(shape: Shape<T>): OptionalShape<T> {
  return { ...shape, optional: true };
}

export function object<const F extends Fields>(fields: F): ObjectShape<ObjectOf<F>> {
  const readFields = (value: unknown, at: Path, report: ShapeReport) => {
    const read: Record<string, unknown> = {};
    for (const [name, member] of members(value, fields, at, report)) {
      const good = fields[name]?.read(member, [...at, name], report);
      if (good !== undefined) read[name] = good;
    }
    return read as Partial<ObjectOf<F>>;
  };
  return {
    form: { kind: "object", fields },
    readFields,
    read(value, at, report) {
      let good = true;
      const read = readFields(value, at, (problem) => {
        good = false;
        report(problem);
      });
      return good ? (read as ObjectOf<F>) : undefined;
    },
  };
}

/** The members that have a shape. Reports the unknown, the missing, and an object of nothing. */
function members(value: unknown, fields: Fields, at: Path, report: ShapeReport): [string, unknown][] {
  const names = Object.keys(fields);
  if (!isJsonObject(value) || Object.keys(value).length === 0) {
    report(shapeProblem(at, `${shown(value)}; write an object with ${names.join(", ")}`));
    return [];
  }
  reportUnknown(value, names, at, report);
  for (const name of names) {
    if (Object.hasOwn(value, name) || fields[name]?.optional === true) continue;
    report(shapeProblem(at, `${name} is missing; add it`));
  }
  return Object.entries(value).filter(([name]) => names.includes(name));
}

function reportUnknown(value: JsonObject, names: readonly string[], at: Path, report: ShapeReport): void {
  for (const name of Object.keys(value)) {
    if (names.includes(name)) continue;
    const hint = didYouMean(name, names) || `; write one of ${names.join(", ")}`;
    report(shapeProblem([...at, name], `${shownName(name)} is not a known entry${hint}`));
  }
}
