import { err, ok, type Result } from "../result.ts";
import { concatBytes } from "./bytes.ts";
import { type Status, status } from "./status.ts";

/** Length-prefixed messages (grpc/grpc, doc/PROTOCOL-HTTP2.md): a flag, four bytes of length, and the message. */

const PREFIX_BYTES = 5;

export function frameMessage(message: Uint8Array): Uint8Array<ArrayBuffer> {
  const prefix = new Uint8Array(PREFIX_BYTES);
  new DataView(prefix.buffer).setUint32(1, message.length);
  return concatBytes([prefix, message]);
}

/** Reads the one message of a request, whose bytes come in any parts. */
export interface OneMessageReader {
  /** @returns why the call ends, once that is certain. */
  readonly push: (part: Uint8Array) => Status | undefined;
  /** The request is whole. */
  readonly end: () => Result<Uint8Array, Status>;
}

/**
 * @param encoding the header `grpc-encoding`.
 * @param limit bytes of the message.
 */
export function readOneMessage(encoding: string | undefined, limit: number): OneMessageReader {
  const parts: Uint8Array[] = [];
  let size = 0;
  let prefix: Uint8Array | undefined;
  return {
    push: (part) => {
      parts.push(part);
      size += part.length;
      if (size < PREFIX_BYTES) return undefined;
      prefix ??= concatBytes(parts).subarray(0, PREFIX_BYTES);
      return prefixProblem(prefix, encoding, limit) ?? sizeProblem(size, lengthIn(prefix));
    },
    end: () => {
      if (prefix === undefined) return err(status("internal", "The request has no message."));
      const bytes = concatBytes(parts).subarray(PREFIX_BYTES);
      if (bytes.length === lengthIn(prefix)) return ok(bytes);
      return err(status("internal", "The message of the request is cut off."));
    },
  };
}

function lengthIn(prefix: Uint8Array): number {
  return new DataView(prefix.buffer, prefix.byteOffset).getUint32(1);
}

/** The codes are those of grpc/grpc, doc/compression.md and doc/statuscodes.md. */
function prefixProblem(prefix: Uint8Array, encoding: string | undefined, limit: number): Status | undefined {
  const [flag] = prefix;
  if (flag === 1 && encoding !== undefined && encoding !== "identity") {
    return status("unimplemented", "Compressed messages are not supported. Send them without compression.");
  }
  if (flag !== 0) {
    return status("internal", "The message is marked as compressed, and no header grpc-encoding says how.");
  }
  if (lengthIn(prefix) <= limit) return undefined;
  return status("resourceExhausted", `The message is longer than ${limit} bytes.`);
}

function sizeProblem(size: number, length: number): Status | undefined {
  if (size <= PREFIX_BYTES + length) return undefined;
  return status("internal", "The request has more than one message.");
}
