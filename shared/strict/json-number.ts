/** Numbers in the bytes of a JSON text (RFC 8259 §6). */

const ascii = new TextDecoder();

const PLUS = 0x2b;
const MINUS = 0x2d;
const POINT = 0x2e;
const CAPITAL_E = 0x45;
const SMALL_E = 0x65;

/** Whether the byte is the point of a number, or the letter of its exponent, and not one of `true` or `false`. */
export function isPointOrExponent(bytes: Uint8Array, at: number): boolean {
  const byte = bytes[at];
  return byte === POINT || ((byte === SMALL_E || byte === CAPITAL_E) && isDigit(bytes[at - 1]));
}

/** The number that a byte belongs to, and where it ends. */
export function numberAround(bytes: Uint8Array, at: number): { number: string; end: number } {
  let start = at;
  while (isOfNumber(bytes[start - 1])) start--;
  let end = at;
  while (isOfNumber(bytes[end])) end++;
  return { number: ascii.decode(bytes.subarray(start, end)), end };
}

/** Whether a number reads as an integer that it is not: 1.0 and 10e-1 are 1, and 1.0000000000000001 is not. */
export function isRounded(number: string): boolean {
  if (!Number.isInteger(Number(number))) return false;
  const [mantissa = "", exponent = "0"] = number.toLowerCase().split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = whole + fraction;
  let significant = digits.length;
  while (digits[significant - 1] === "0") significant--;
  const isZero = !/[1-9]/.test(digits);
  return !isZero && significant - whole.length > Number(exponent);
}

function isDigit(byte = 0): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isOfNumber(byte = 0): boolean {
  if (isDigit(byte) || byte === POINT) return true;
  return byte === PLUS || byte === MINUS || byte === SMALL_E || byte === CAPITAL_E;
}
