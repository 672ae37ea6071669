const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const OUTSIDE = 64;
/** The value of each ASCII character, or 64 for one that is not in the alphabet. */
const VALUES = new Uint8Array(128).fill(OUTSIDE);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/**
 * Decodes base64url as RFC 7515 §2 has it: no padding, white space or line breaks, and zero in the bits that the last
 * character leaves over, so that one sequence of bytes has one text.
 *
 * @returns the bytes, or `undefined` where the text is not the canonical encoding of any.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 4 === 1) return undefined;
  const bytes = new Uint8Array((text.length * 3) >> 2);
  let written = 0;
  let bits = 0;
  let held = 0;
  for (let i = 0; i < text.length; i++) {
    const value = VALUES[text.charCodeAt(i)] ?? OUTSIDE;
    if (value === OUTSIDE) return undefined;
    held = ((held << 6) | value) & 0x3fff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[written++] = held >> bits;
    }
  }
  return (held & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}
