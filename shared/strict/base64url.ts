/** `Uint8Array.fromBase64` and `toBase64` (ECMAScript 2026): workerd has them, Node only from 25 on. */
const runtime = Uint8Array as {
  readonly fromBase64?: (text: string, options: { alphabet: "base64url" }) => Uint8Array<ArrayBuffer>;
};
interface Base64Bytes {
  readonly toBase64?: (options: { alphabet: "base64url"; omitPadding: true }) => string;
}

/** Encodes base64url as RFC 7515 §2 has it: without padding. */
export function encodeBase64url(bytes: Uint8Array): string {
  return (
    (bytes as Base64Bytes).toBase64?.({ alphabet: "base64url", omitPadding: true }) ?? encodeByBtoa(bytes)
  );
}

/**
 * Decodes base64url as RFC 7515 §2 has it, and only the one text that `encodeBase64url` gives for the bytes. The runtimes'
 * decoders take other texts as well: with padding, with white space, or with bits that the last character leaves over.
 *
 * @returns the bytes, or `undefined` where the text is not the canonical encoding of any.
 */
export function decodeBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = decodeLeniently(text);
  return bytes !== undefined && encodeBase64url(bytes) === text ? bytes : undefined;
}

function decodeLeniently(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return runtime.fromBase64?.(text, { alphabet: "base64url" }) ?? decodeByAtob(text);
  } catch {
    return undefined;
  }
}

function decodeByAtob(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function encodeByBtoa(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
