import type { JsonObject } from "../shared/json.ts";
import type { Form, Shape } from "../shared/shape.ts";

/** What a shape leaves to a compiler: members of the JSON Schema, or the shapes of which the compiler takes one. */
export type Elsewhere = { readonly members: JsonObject } | { readonly shapes: readonly Shape<unknown>[] };

/** What shapes do not say, by the way of each part from the top: `[]` is an item of a list, `*` a member of any name. */
export interface SchemaNotes {
  /** The text for people of an entry. */
  readonly textOf: (path: string) => string;
  readonly elsewhere: Readonly<Record<string, Elsewhere>>;
}

/** Writes a shape as JSON Schema. @throws where nothing says what a part takes. */
export function schemaOf(shape: Shape<unknown>, path: string, notes: SchemaNotes): JsonObject {
  const elsewhere = notes.elsewhere[path];
  if (elsewhere === undefined) return schemaOfForm(shape.form, path, notes);
  if ("members" in elsewhere) {
    return { ...(shape.form && schemaOfForm(shape.form, path, notes)), ...elsewhere.members };
  }
  const [only = {}, ...others] = elsewhere.shapes.map(({ form }) => schemaOfForm(form, path, notes));
  return others.length === 0 ? only : { anyOf: [only, ...others] };
}

function schemaOfForm(form: Form | undefined, path: string, notes: SchemaNotes): JsonObject {
  switch (form?.kind) {
    case undefined:
      throw new Error(`no schema for ${path}`);
    case "text":
      return { type: "string", ...(form.pattern === undefined ? {} : { pattern: form.pattern }) };
    case "choice":
      return { enum: form.words };
    case "list": {
      const items = schemaOf(form.of, `${path}[]`, notes);
      return { type: "array", items, minItems: form.min, maxItems: form.max };
    }
    case "dictionary": {
      const additionalProperties = schemaOf(form.of, `${path}.*`, notes);
      return { type: "object", additionalProperties, minProperties: 1, maxProperties: form.max };
    }
    case "object":
      return schemaOfFields(form.fields, path, notes);
  }
}

function schemaOfFields(
  fields: Readonly<Record<string, Shape<unknown>>>,
  path: string,
  notes: SchemaNotes,
): JsonObject {
  const entries = Object.entries(fields).map(([name, field]) => {
    const below = path === "" ? name : `${path}.${name}`;
    return [name, { description: notes.textOf(below), ...schemaOf(field, below, notes) }] as const;
  });
  return {
    type: "object",
    properties: Object.fromEntries(entries),
    minProperties: 1,
    required: Object.keys(fields).filter((name) => fields[name]?.optional !== true),
    additionalProperties: false,
  };
}
