import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLengthDelimited, readText, readTexts } from "../../../shared/grpc/protobuf-reader.ts";
import { bytesField, struct, textField } from "../../../shared/grpc/protobuf-writer.ts";
import type { JsonObject } from "../../../shared/json.ts";

/** A field as another writer puts it on the wire: with wire types that we only skip, and with long varints. */
type Field =
  | { readonly number: number; readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly number: number; readonly type: "varint"; readonly value: bigint }
  | { readonly number: number; readonly type: "fixed64" | "fixed32" };

const fields: fc.Arbitrary<Field> = fc.oneof(
  fc.record({
    number: number(),
    type: fc.constant("bytes" as const),
    bytes: fc.uint8Array({ maxLength: 300 }),
  }),
  fc.record({
    number: number(),
    type: fc.constant("varint" as const),
    value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  }),
  fc.record({ number: number(), type: fc.constantFrom("fixed64" as const, "fixed32" as const) }),
);

function number(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 2 ** 29 - 1 }));
}

function varint(value: bigint): number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
}

function encode(field: Field): number[] {
  const tag = (wireType: bigint) => varint((BigInt(field.number) << 3n) | wireType);
  switch (field.type) {
    case "varint":
      return [...tag(0n), ...varint(field.value)];
    case "fixed64":
      return [...tag(1n), 1, 2, 3, 4, 5, 6, 7, 8];
    case "bytes":
      return [...tag(2n), ...varint(BigInt(field.bytes.length)), ...field.bytes];
    case "fixed32":
      return [...tag(5n), 1, 2, 3, 4];
  }
}

describe("reading", () => {
  test("gives the length-delimited fields of any message in their order, and skips all others", () => {
    fc.assert(
      fc.property(fc.array(fields, { maxLength: 20 }), (message) => {
        const read = readLengthDelimited(Uint8Array.from(message.flatMap(encode)));
        const expected = new Map<number, Uint8Array[]>();
        for (const field of message) {
          if (field.type !== "bytes") continue;
          expected.set(field.number, [...(expected.get(field.number) ?? []), field.bytes]);
        }
        expect(read).toEqual({ ok: true, value: expected });
      }),
    );
  });

  test("never throws and never gives bytes that are not there, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const read = readLengthDelimited(bytes);
        if (!read.ok) {
          expect(read.error).toMatch(/^(ends|has) /);
          return;
        }
        const size = [...read.value.values()].flat().reduce((sum, value) => sum + value.length, 0);
        expect(size).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2_000 },
    );
  });

  test("refuses every cut of a message that ends inside of a field", () => {
    const whole = Uint8Array.from([...encode({ number: 1, type: "bytes", bytes: new Uint8Array(200) })]);
    for (let size = 1; size < whole.length; size += 1) {
      expect(readLengthDelimited(whole.subarray(0, size)).ok).toBe(false);
    }
    expect(readLengthDelimited(whole).ok).toBe(true);
  });

  test.each([
    ["a group", [0x0b, 0x0c], "has a field of a wire type that proto3 does not have"],
    ["wire type 7", [0x0f], "has a field of a wire type that proto3 does not have"],
    ["field number 0", [0x02, 0], "has a field number that is out of range"],
    ["field number 2^29", [0x82, 0x80, 0x80, 0x80, 0x10, 0], "has a field number that is out of range"],
    ["a varint of 11 bytes", [0x08, ...Array(10).fill(0x80), 1], "has a number of more than ten bytes"],
    ["a length of 2^63", [0x0a, ...Array(9).fill(0x80), 1], "ends inside of a field"],
    ["a varint that ends early", [0x08, 0x80], "ends inside of a number"],
    ["a fixed64 of 7 bytes", [0x09, 1, 2, 3, 4, 5, 6, 7], "ends inside of a field"],
    ["a fixed32 of 3 bytes", [0x0d, 1, 2, 3], "ends inside of a field"],
  ])("refuses %s", (_, bytes, error) => {
    expect(readLengthDelimited(Uint8Array.from(bytes))).toEqual({ ok: false, error });
  });

  test("takes a message of many fields in a time that grows with its size alone", () => {
    const bytes = new Uint8Array(64 * 1024);
    for (let at = 0; at < bytes.length; at += 2) bytes.set([0x0a, 0], at);
    const read = readLengthDelimited(bytes);
    expect(read.ok && read.value.get(1)?.length).toBe(32 * 1024);
  });

  test("texts are UTF-8 or refused; of a field that occurs once, the last value counts", () => {
    const message = [
      ...textField(1, "first"),
      ...textField(1, "grün"),
      ...bytesField(2, Uint8Array.of(0xff)),
    ];
    const read = readLengthDelimited(Uint8Array.from(message));
    if (!read.ok) throw new Error(read.error);
    expect(readText(read.value, 1)).toEqual({ ok: true, value: "grün" });
    expect(readTexts(read.value, 1)).toEqual({ ok: true, value: ["first", "grün"] });
    expect(readTexts(read.value, 2)).toEqual({ ok: false, error: "has a text that is not UTF-8" });
    expect(readText(read.value, 3)).toEqual({ ok: true, value: "" });
  });
});

describe("google.protobuf.Struct", () => {
  test("holds any JSON object as another reader finds it", () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(json, (object) => {
        const expected = JSON.parse(JSON.stringify(object)) as JsonObject;
        expect(readStruct(Buffer.from(struct(expected)))).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  test("is what the protobuf documentation prescribes, byte for byte", () => {
    const claims = { n: 1.5, s: "", b: false, z: null, l: ["a"], o: {} };
    expect(Buffer.from(struct(claims)).toString("hex")).toBe(
      [
        "0a0e" + "0a016e" + "1209" + "11000000000000f83f",
        "0a07" + "0a0173" + "1202" + "1a00",
        "0a07" + "0a0162" + "1202" + "2000",
        "0a07" + "0a017a" + "1202" + "0800",
        "0a0c" + "0a016c" + "1207" + "3205" + "0a03" + "1a0161",
        "0a07" + "0a016f" + "1202" + "2a00",
      ].join(""),
    );
  });
});

/** Reads a Struct by its schema, with code of its own. */
function readStruct(bytes: Buffer): Record<string, unknown> {
  return Object.fromEntries(
    split(bytes).map(({ value }) => {
      const entry = split(value as Buffer);
      const name = entry.find((part) => part.number === 1)?.value ?? Buffer.alloc(0);
      return [name.toString(), readValue(entry.find((part) => part.number === 2)?.value as Buffer)];
    }),
  );
}

function readValue(bytes: Buffer): unknown {
  const [{ number, value } = { number: 0, value: Buffer.alloc(0) }] = split(bytes);
  if (number === 1) return null;
  if (number === 2) return (value as Buffer).readDoubleLE();
  if (number === 3) return value.toString();
  if (number === 4) return value === 1n;
  return number === 5
    ? readStruct(value as Buffer)
    : split(value as Buffer).map((one) => readValue(one.value as Buffer));
}

function split(bytes: Buffer): { number: number; value: Buffer | bigint }[] {
  const parts: { number: number; value: Buffer | bigint }[] = [];
  let at = 0;
  const next = (): bigint => {
    let [value, shift] = [0n, 0n];
    for (;;) {
      const byte = BigInt(bytes[at] ?? 0);
      at += 1;
      value |= (byte & 127n) << shift;
      if (byte < 128n) return value;
      shift += 7n;
    }
  };
  while (at < bytes.length) {
    const tag = Number(next());
    if (tag % 8 === 0) parts.push({ number: tag >> 3, value: next() });
    else {
      const size = tag % 8 === 1 ? 8 : Number(next());
      parts.push({ number: tag >> 3, value: bytes.subarray(at, at + size) });
      at += size;
    }
  }
  return parts;
}
