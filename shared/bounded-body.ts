/**
 * Reads a body of at most `limit` bytes. At the first byte past the limit it stops reading and cancels the stream.
 * Throws what the stream throws. It takes `limit` bytes of memory however small the chunks are, since it keeps none.
 *
 * @returns the bytes, or `undefined` where the body is longer.
 */
export async function readBounded(
  body: AsyncIterable<Uint8Array> | null,
  limit: number,
): Promise<Uint8Array | undefined> {
  if (body === null) return new Uint8Array();
  const bytes = new Uint8Array(limit);
  let size = 0;
  const iterator = body[Symbol.asyncIterator]();
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    if (size + next.value.byteLength > limit) {
      // Not awaited: a source that fails to cancel, or never ends to, must not change or delay what the caller learns.
      iterator.return?.().catch(() => undefined);
      return undefined;
    }
    bytes.set(next.value, size);
    size += next.value.byteLength;
  }
  return bytes.subarray(0, size);
}
