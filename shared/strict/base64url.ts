import { base64url } from "jose";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const ONLY_ALPHABET = /^[A-Za-z0-9_-]*$/;
/** The bits that the last character leaves over, by how many characters stand in the last group of four. */
const LEFT_OVER: Readonly<Record<number, number>> = { 0: 0, 2: 0b1111, 3: 0b11 };

/**
 * Decodes base64url as RFC 7515 §2 has it: no padding, white space or line breaks, and zero in the bits that the last
 * character leaves over, so that one sequence of bytes has one text. The library decodes, but takes sloppier texts too.
 *
 * @returns the bytes, or `undefined` where the text is not the canonical encoding of any.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const leftOver = LEFT_OVER[text.length % 4];
  if (leftOver === undefined || !ONLY_ALPHABET.test(text)) return undefined;
  if ((ALPHABET.indexOf(text.slice(-1)) & leftOver) !== 0) return undefined;
  return base64url.decode(text) as Uint8Array<ArrayBuffer>;
}
