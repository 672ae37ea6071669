import { describe, expect, test } from "vitest";
import { readBounded } from "../../shared/bounded-body.ts";
import { readText } from "../../shared/client/fetch.ts";

const LIMIT = 8;
const utf8 = (text: string) => new TextEncoder().encode(text);

/** A stream of chunks, each a text or bytes, that remembers whether it was cancelled. */
function streamOf(...chunks: readonly (string | Uint8Array)[]) {
  const left = [...chunks];
  const seen = { cancelled: false, pulled: 0 };
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const chunk = left.shift();
        if (chunk === undefined) return controller.close();
        seen.pulled++;
        controller.enqueue(typeof chunk === "string" ? utf8(chunk) : chunk);
      },
      cancel() {
        seen.cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { body, seen };
}

describe("a body is read to its end, or to the first byte past the limit", () => {
  test.each<[string, readonly string[], string | undefined]>([
    ["no chunk", [], ""],
    ["one empty chunk", [""], ""],
    ["one chunk", ["abc"], "abc"],
    ["several chunks", ["a", "bc", "def"], "abcdef"],
    ["empty chunks between others", ["", "ab", "", "cd", ""], "abcd"],
    ["exactly the limit in one chunk", ["abcdefgh"], "abcdefgh"],
    ["exactly the limit in two chunks", ["abcd", "efgh"], "abcdefgh"],
    ["exactly the limit in single bytes", [..."abcdefgh"], "abcdefgh"],
    ["exactly the limit, then an empty chunk", ["abcdefgh", ""], "abcdefgh"],
    ["one byte more in one chunk", ["abcdefghi"], undefined],
    ["one byte more in a chunk of its own", ["abcdefgh", "i"], undefined],
    ["one byte more across two chunks", ["abcdefg", "hi"], undefined],
    ["a character of three bytes at the limit", ["abcde€"], "abcde€"],
    ["a character of three bytes past the limit, which counts bytes", ["abcdef€"], undefined],
  ])("%s", async (_, chunks, expected) => {
    const { body, seen } = streamOf(...chunks);
    const bytes = await readBounded(body, LIMIT);
    expect(bytes && new TextDecoder().decode(bytes)).toBe(expected);
    expect(seen.cancelled).toBe(expected === undefined);
  });

  test("no body is an empty one", async () => {
    expect(await readBounded(null, LIMIT)).toEqual(new Uint8Array());
  });

  test("what comes after the limit is not asked for", async () => {
    const { body, seen } = streamOf("abcdefghi", "j", "k");
    expect(await readBounded(body, LIMIT)).toBeUndefined();
    expect(seen).toEqual({ cancelled: true, pulled: 1 });
  });

  test("the bytes stay what they were when the source writes over its chunk", async () => {
    async function* reusing() {
      const chunk = utf8("ab");
      yield chunk;
      chunk.set(utf8("cd"));
      yield chunk;
    }
    const bytes = await readBounded(reusing(), LIMIT);
    expect(new TextDecoder().decode(bytes)).toBe("abcd");
  });
});

describe("a stream that does not behave", () => {
  test("throws: the reader throws the same", async () => {
    async function* broken() {
      yield utf8("ab");
      throw new TypeError("connection reset");
    }
    await expect(readBounded(broken(), LIMIT)).rejects.toThrow(new TypeError("connection reset"));
  });

  test.each<[string, () => Promise<void>]>([
    ["cannot be cancelled", () => Promise.reject(new Error("no"))],
    ["never ends to be cancelled", () => new Promise<void>(() => {})],
  ])("%s: a body past the limit is still just that", async (_, cancel) => {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(utf8("abcdefghi")),
      cancel,
    });
    expect(await readBounded(body, LIMIT)).toBeUndefined();
  });

  test("has no way to be cancelled: a body past the limit is still just that", async () => {
    const next = async () => ({ done: false as const, value: utf8("abcdefghi") });
    expect(await readBounded({ [Symbol.asyncIterator]: () => ({ next }) }, LIMIT)).toBeUndefined();
  });
});

describe("a text", () => {
  const read = (...chunks: readonly (string | Uint8Array)[]) =>
    readText({ status: 200, headers: new Headers(), body: streamOf(...chunks).body }, LIMIT);

  test.each([..."€😀é"])(
    "whose %s is cut between chunks is read whole, wherever the cut is",
    async (character) => {
      const bytes = utf8(`a${character}b`);
      for (let cut = 1; cut < bytes.length; cut++) {
        expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toBe(`a${character}b`);
      }
    },
  );

  test("that is too long is none", async () => {
    expect(await read("abcdefgh", "i")).toBeUndefined();
  });

  test("that ends inside a character ends with the replacement character, and loses a byte order mark", async () => {
    expect(await read(utf8("€").subarray(0, 2))).toBe("\uFFFD");
    expect(await read("\uFEFFab")).toBe("ab");
  });
});
