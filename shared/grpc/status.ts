/** The status codes of gRPC that a server here gives (grpc/grpc, doc/statuscodes.md). */
export const STATUS_CODES = {
  ok: 0,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
} as const;

export type StatusName = keyof typeof STATUS_CODES;

/** How a call ended. */
export interface Status {
  readonly name: StatusName;
  /** For people; empty for `ok`. */
  readonly message: string;
}

export const OK: Status = { name: "ok", message: "" };

export function status(name: Exclude<StatusName, "ok">, message: string): Status {
  return { name, message };
}

/** The trailers that end a call (grpc/grpc, doc/PROTOCOL-HTTP2.md, "Trailers"). */
export function statusTrailers({ name, message }: Status): Readonly<Record<string, string>> {
  const code = { "grpc-status": String(STATUS_CODES[name]) };
  return message === "" ? code : { ...code, "grpc-message": encodeMessage(message) };
}

/** Common clients allow 8 KiB for all headers together. */
const MAX_MESSAGE_BYTES = 4_096;

/** Percent-encodes the bytes of UTF-8 that are not printable ASCII, and `%` itself ("Status-Message"). */
function encodeMessage(message: string): string {
  let encoded = "";
  for (const character of message) {
    const next = encodeCharacter(character);
    if (encoded.length + next.length > MAX_MESSAGE_BYTES) return `${encoded}...`;
    encoded += next;
  }
  return encoded;
}

function encodeCharacter(character: string): string {
  if (/^[\x20-\x24\x26-\x7e]$/.test(character)) return character;
  return Array.from(
    new TextEncoder().encode(character),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`,
  ).join("");
}
