import type { JsonObject, JsonValue } from "../json.ts";
import { concatBytes } from "./bytes.ts";

/** Writing the protobuf wire format (protobuf.dev, "Encoding"). A message is its fields one after the other. */

type Bytes = Uint8Array<ArrayBuffer>;

/** A field of bytes, or of a message. */
export function bytesField(number: number, bytes: Uint8Array): Bytes {
  return concatBytes([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

/** A field of text, which is left out where it is empty, as proto3 does. */
export function textField(number: number, text: string): Bytes {
  return text === "" ? new Uint8Array() : bytesField(number, new TextEncoder().encode(text));
}

/** `google.protobuf.Struct`: the members of a JSON object. */
export function struct(object: JsonObject): Bytes {
  const entries = Object.entries(object).map(([name, value]) =>
    bytesField(1, concatBytes([textField(1, name), bytesField(2, structValue(value))])),
  );
  return concatBytes(entries);
}

/** `google.protobuf.Value`: exactly one of its fields is there, with a value that may be the default. */
function structValue(value: JsonValue): Bytes {
  if (value === null) return varintField(1, 0);
  if (typeof value === "number") return doubleField(2, value);
  if (typeof value === "string") return bytesField(3, new TextEncoder().encode(value));
  if (typeof value === "boolean") return varintField(4, value ? 1 : 0);
  if (isList(value)) {
    return bytesField(6, concatBytes(value.map((entry) => bytesField(1, structValue(entry)))));
  }
  return bytesField(5, struct(value));
}

function isList(value: readonly JsonValue[] | JsonObject): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function varintField(number: number, value: number): Bytes {
  return concatBytes([varint(number * 8), varint(value)]);
}

function doubleField(number: number, value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concatBytes([varint(number * 8 + 1), bytes]);
}

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Uint8Array.from([...bytes, rest]);
}
