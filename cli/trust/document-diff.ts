import { isJsonObject, type JsonValue, sameJson } from "../../shared/json.ts";

/** One difference between two documents. */
export interface Change {
  readonly kind: "added" | "removed" | "changed";
  /** Names joined by dots; an element of a list by its id or name: `policies[deploy].ttl`. */
  readonly path: string;
  readonly before?: JsonValue;
  readonly after?: JsonValue;
}

/** Elements of a list are compared by the first of these members that they have, in any position. */
const NAMED_BY = ["id", "name"] as const;

/** Compares two JSON values entry by entry. A list whose elements have no names is compared as one value. */
export function diffDocuments(
  before: JsonValue | undefined,
  after: JsonValue | undefined,
  path = "",
): readonly Change[] {
  if (sameJson(before, after)) return [];
  const [old, now] = [entriesOf(before), entriesOf(after)];
  if (before === undefined) return [{ kind: "added", path, ...(after === undefined ? {} : { after }) }];
  if (after === undefined) return [{ kind: "removed", path, before }];
  if (old === undefined || now === undefined) return [{ kind: "changed", path, before, after }];
  const names = new Set([...old.keys(), ...now.keys()]);
  const changes = [...names].flatMap((name) =>
    diffDocuments(
      old.get(name),
      now.get(name),
      path === "" && !name.startsWith("[") ? name.slice(1) : `${path}${name}`,
    ),
  );
  return changes.length > 0
    ? changes
    : [
        {
          kind: "changed",
          path: `${path} (order)`,
          before: [...old.keys()].join(" "),
          after: [...now.keys()].join(" "),
        },
      ];
}

/** The entries of an object, or of a list whose elements all have different names; each entry by its part of the path. */
function entriesOf(value: JsonValue | undefined): ReadonlyMap<string, JsonValue> | undefined {
  if (isJsonObject(value)) return new Map(Object.entries(value).map(([name, entry]) => [`.${name}`, entry]));
  if (!Array.isArray(value)) return undefined;
  const entries = value.map((element): [string | undefined, JsonValue] => [nameOf(element), element]);
  const named = entries.filter((entry): entry is [string, JsonValue] => entry[0] !== undefined);
  const unique = new Map(named.map(([name, element]) => [`[${name}]`, element]));
  return unique.size === value.length && value.length > 0 ? unique : undefined;
}

function nameOf(element: JsonValue): string | undefined {
  if (!isJsonObject(element)) return undefined;
  const found = NAMED_BY.map((member) => element[member]).find((name) => typeof name === "string");
  return typeof found === "string" ? found : undefined;
}
