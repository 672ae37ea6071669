import { isJsonObject } from "./json.ts";
import { didYouMean } from "./nearest-word.ts";
import { shown, shownName } from "./shown.ts";

/** Where in a JSON value: the names and indexes from its top, as in `["policies", 2, "ttl"]`. */
export type Path = readonly (string | number)[];

/** Why a value is not of its shape. */
export interface ShapeProblem {
  readonly path: Path;
  /** Says what is wrong and what to write instead. */
  readonly message: string;
  readonly severity: "error";
  readonly rule: "shape" | "duplicate";
}

/** Takes the problems that reading finds. */
export type ShapeReport = (problem: ShapeProblem) => void;

/**
 * The shape of a JSON value. Reading reports every problem at once and takes nothing that is not named: no unknown,
 * repeated or empty entry, no array for an object, no inherited member.
 */
export interface Shape<T> {
  /** @returns the value, or `undefined` where anything in it was reported. */
  readonly read: (value: unknown, at: Path, report: ShapeReport) => T | undefined;
  /** Absent where only `read` knows what it takes. */
  readonly form?: Form;
  readonly optional?: boolean;
}

/** What a shape takes, as data: the JSON Schema for editors is made of it. */
export type Form =
  | { readonly kind: "text"; readonly pattern: string | undefined }
  | { readonly kind: "choice"; readonly words: readonly (string | number)[] }
  | { readonly kind: "list"; readonly of: Shape<unknown>; readonly min: number; readonly max: number }
  | { readonly kind: "dictionary"; readonly of: Shape<unknown>; readonly max: number }
  | { readonly kind: "object"; readonly fields: Readonly<Record<string, Shape<unknown>>> };

export function shapeProblem(
  path: Path,
  message: string,
  rule: ShapeProblem["rule"] = "shape",
): ShapeProblem {
  return { path, message, severity: "error", rule };
}

/** A string that `parse` takes. `expects` ends the sentence "write …"; `pattern` is what an editor can see of it. */
export function text<T>(expects: string, parse: (text: string) => T | undefined, pattern?: string): Shape<T> {
  return {
    form: { kind: "text", pattern },
    read(value, at, report) {
      const parsed = typeof value === "string" ? parse(value) : undefined;
      if (parsed === undefined) report(shapeProblem(at, `${shown(value)}; write ${expects}`));
      return parsed;
    },
  };
}

/** One of these words or numbers. */
export function choice<const T extends string | number>(...words: readonly T[]): Shape<T> {
  return {
    form: { kind: "choice", words },
    read(value, at, report) {
      const found = words.find((word) => word === value);
      if (found === undefined) {
        const texts = words.filter((word) => typeof word === "string");
        const hint = typeof value === "string" ? didYouMean(value, texts) : "";
        report(shapeProblem(at, `${shown(value)}; write ${oneOf(words)}${hint}`));
      }
      return found;
    },
  };
}

/** A list of at least `min` entries (1 unless told), at most `max`, no text twice. */
export function list<T>(of: Shape<T>, limits: { min?: number; max: number }): Shape<readonly T[]> {
  const { min = 1, max } = limits;
  return {
    form: { kind: "list", of, min, max },
    read(value, at, report) {
      if (!Array.isArray(value)) return refuse(`${shown(value)}; write a list`);
      if (value.length < min) return refuse("the list is empty; write at least one entry");
      if (value.length > max) return refuse(`the list has ${value.length} entries; write ${max} at most`);
      reportRepeated(value, at, report);
      const items = value.map((item, index) => of.read(item, [...at, index], report));
      return items.includes(undefined) ? undefined : (items as T[]);

      function refuse(message: string): undefined {
        report(shapeProblem(at, message));
      }
    },
  };
}

/** An object with names of the maintainer's choice, each read by the same shape. */
export function dictionary<T>(
  of: Shape<T>,
  limits: { max: number },
): Shape<readonly (readonly [string, T])[]> {
  const { max } = limits;
  return {
    form: { kind: "dictionary", of, max },
    read(value, at, report) {
      const entries = isJsonObject(value) ? Object.entries(value) : [];
      if (entries.length === 0 || entries.length > max) {
        report(shapeProblem(at, `${shown(value)}; write an object with 1 to ${max} entries`));
        return undefined;
      }
      const read = entries.map(([name, member]) => [name, of.read(member, [...at, name], report)] as const);
      return read.some(([, member]) => member === undefined) ? undefined : (read as [string, T][]);
    },
  };
}

/** Any JSON value, taken as it is: the part's own compiler judges it and how deep it is. */
export const json: Shape<unknown> = { read: (value) => value };

function oneOf(words: readonly (string | number)[]): string {
  return words.length > 2 ? `one of ${words.join(", ")}` : words.join(" or ");
}

function reportRepeated(items: readonly unknown[], at: Path, report: ShapeReport): void {
  const texts = new Set<string>();
  items.forEach((item, index) => {
    if (typeof item !== "string") return;
    if (texts.has(item)) {
      const message = `${shownName(item)} is already in the list; remove this entry`;
      report(shapeProblem([...at, index], message, "duplicate"));
    }
    texts.add(item);
  });
}
