import { addToGroup } from "../group-by.ts";
import { err, ok, type Result } from "../result.ts";

/** Reading the protobuf wire format (protobuf.dev, "Encoding"). Every byte may be hostile. */

/** The values of the length-delimited fields, by field number and in their order. */
export type LengthDelimited = ReadonlyMap<number, readonly Uint8Array[]>;

/** The wire types. Groups (3 and 4) ended with proto2, and no message of proto3 has one. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;

const MAX_FIELD_NUMBER = 2 ** 29 - 1;
/** A varint has 64 bits, seven in each byte. */
const MAX_VARINT_BYTES = 10;

/**
 * Reads the length-delimited fields of a message: texts, bytes and messages are such fields. Other fields are skipped, as
 * a reader skips what it does not know.
 *
 * @returns the fields, or what is wrong with the bytes, as words that follow "the message".
 */
export function readLengthDelimited(bytes: Uint8Array): Result<LengthDelimited, string> {
  const fields = new Map<number, Uint8Array[]>();
  let at = 0;
  while (at < bytes.length) {
    const tag = readVarint(bytes, at);
    if (!tag.ok) return tag;
    const number = Math.floor(tag.value.value / 8);
    if (number < 1 || number > MAX_FIELD_NUMBER) return err("has a field number that is out of range");
    const extent = extentOf(tag.value.value % 8, bytes, tag.value.end);
    if (!extent.ok) return extent;
    const { from, end, isDelimited } = extent.value;
    if (end > bytes.length) return err("ends inside of a field");
    if (isDelimited) addToGroup(fields, number, bytes.subarray(from, end));
    at = end;
  }
  return ok(fields);
}

/** The text of a field that occurs once: of several, the last one counts. Absent, it is empty. */
export function readText(fields: LengthDelimited, number: number): Result<string, string> {
  const texts = readTexts(fields, number);
  return texts.ok ? ok(texts.value.at(-1) ?? "") : texts;
}

/** The texts of a repeated field. */
export function readTexts(fields: LengthDelimited, number: number): Result<readonly string[], string> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  try {
    return ok((fields.get(number) ?? []).map((bytes) => decoder.decode(bytes)));
  } catch {
    return err("has a text that is not UTF-8");
  }
}

interface Extent {
  readonly from: number;
  /** May lie past the end of the message. */
  readonly end: number;
  readonly isDelimited: boolean;
}

function extentOf(wireType: number, bytes: Uint8Array, from: number): Result<Extent, string> {
  switch (wireType) {
    case VARINT: {
      const skipped = readVarint(bytes, from);
      return skipped.ok ? ok({ from, end: skipped.value.end, isDelimited: false }) : skipped;
    }
    case FIXED64:
      return ok({ from, end: from + 8, isDelimited: false });
    case FIXED32:
      return ok({ from, end: from + 4, isDelimited: false });
    case LENGTH_DELIMITED: {
      const length = readVarint(bytes, from);
      if (!length.ok) return length;
      return ok({
        from: length.value.end,
        end: length.value.end + length.value.value,
        isDelimited: true,
      });
    }
    default:
      return err("has a field of a wire type that proto3 does not have");
  }
}

/** A value above 2^53 is not exact, which no caller notices: it is skipped, or too large in any case. */
function readVarint(
  bytes: Uint8Array,
  from: number,
): Result<{ readonly value: number; readonly end: number }, string> {
  let value = 0;
  for (let count = 0; count < MAX_VARINT_BYTES; count += 1) {
    const byte = bytes[from + count];
    if (byte === undefined) return err("ends inside of a number");
    value += (byte & 0x7f) * 2 ** (7 * count);
    if (byte < 0x80) return ok({ value, end: from + count + 1 });
  }
  return err("has a number of more than ten bytes");
}
