import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { frameMessage, readOneMessage } from "../../../shared/grpc/framing.ts";

const LIMIT = 1_000;

function read(parts: readonly Uint8Array[], encoding?: string) {
  const reader = readOneMessage(encoding, LIMIT);
  for (const part of parts) {
    const problem = reader.push(part);
    if (problem !== undefined) return problem.name;
  }
  const message = reader.end();
  return message.ok ? Buffer.from(message.value) : message.error.name;
}

/** The same bytes in the parts that these sizes cut. */
function cut(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const size of sizes) {
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return [...parts, bytes.subarray(at)];
}

test("a message comes out as it went in, however its bytes are cut into parts", () => {
  const sizes = fc.array(fc.nat(9), { maxLength: 300 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: LIMIT }), sizes, (message, at) => {
      expect(read(cut(frameMessage(message), at))).toEqual(Buffer.from(message));
    }),
  );
});

test("any bytes end in a message or a status, never in an exception", () => {
  const anything = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 10 });
  const encodings = fc.constantFrom(undefined, "identity", "gzip");
  fc.assert(
    fc.property(anything, encodings, (parts, encoding) => {
      const outcome = read(parts, encoding);
      const statuses = ["internal", "unimplemented", "resourceExhausted"];
      expect(typeof outcome === "string" ? statuses : [outcome]).toContainEqual(outcome);
    }),
    { numRuns: 2_000 },
  );
});

describe("a status ends", () => {
  const frame = (flag: number, length: number, sent = length) => {
    const bytes = Buffer.alloc(5 + sent);
    bytes[0] = flag;
    bytes.writeUInt32BE(length, 1);
    return bytes;
  };

  test.each([
    ["no message at all", [], undefined, "internal"],
    ["a prefix that is cut off", [Buffer.from([0, 0, 0])], undefined, "internal"],
    ["a message that is cut off", [frame(0, 10, 9)], undefined, "internal"],
    ["a second message", [frame(0, 3), frame(0, 0)], undefined, "internal"],
    ["one byte too many", [frame(0, 3, 4)], undefined, "internal"],
    [
      "a message that is too long, before it has come",
      [frame(0, LIMIT + 1, 0)],
      undefined,
      "resourceExhausted",
    ],
    ["a length of 2^32 - 1", [frame(0, 2 ** 32 - 1, 0)], undefined, "resourceExhausted"],
    ["a compressed message", [frame(1, 3)], "gzip", "unimplemented"],
    ["a compressed message of no encoding", [frame(1, 3)], undefined, "internal"],
    ["a compressed message of the encoding identity", [frame(1, 3)], "identity", "internal"],
    ["a flag that does not exist", [frame(2, 3)], "gzip", "internal"],
  ])("%s", (_, parts, encoding, name) => {
    expect(read(parts, encoding)).toBe(name);
  });

  test("nothing of an uncompressed message where the call may compress", () => {
    expect(read([frame(0, 3)], "gzip")).toEqual(Buffer.alloc(3));
  });
});
