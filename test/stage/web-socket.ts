import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";

// WebSockets byte by byte (RFC 6455), so that a test sees what went over the wire. Frames are short: at most 125 bytes.

const TEXT = 0x81;
const BINARY = 0x82;
const CLOSE = 0x88;
const MASKED = 0x80;

export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** One end of a connection, after the handshake. */
export interface WebSocketEnd {
  text(words: string): void;
  binary(bytes: Uint8Array): void;
  close(code: number, reason: string): void;
  /** The next frame, or `undefined` once the connection is gone. */
  next(): Promise<Frame | undefined>;
  destroy(): void;
}

export const textOf = (frame: Frame | undefined): string | undefined => frame?.payload.toString();
export const isBinary = ({ opcode }: Frame): boolean => opcode === (BINARY & 0x0f);
/** The code of a close frame; 1005 where it has none (RFC 6455 §7.1.5). */
export function closeCodeOf(frame: Frame | undefined): number | undefined {
  if (frame?.opcode !== (CLOSE & 0x0f)) return undefined;
  return frame.payload.length < 2 ? 1005 : frame.payload.readUInt16BE();
}

/** Completes the server's part of the handshake (RFC 6455 §4.2.2). */
export function acceptWebSocket({ headers }: IncomingMessage, socket: Socket, extra = ""): WebSocketEnd {
  const key = `${headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash("sha1").update(key).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n${extra}Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  return endOf(socket, false);
}

export interface Opened {
  /** The head of the answer. */
  readonly head: string;
  readonly end: WebSocketEnd;
}

/** Asks for a WebSocket, with header lines besides those of the handshake. */
export function openWebSocket(server: URL, path: string, lines: readonly string[]): Promise<Opened> {
  const { promise, resolve, reject } = Promise.withResolvers<Opened>();
  const socket = connect(Number(server.port), server.hostname, () => {
    const handshake = [
      `GET ${path} HTTP/1.1`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ];
    socket.write(`${[...handshake, ...lines].join("\r\n")}\r\n\r\n`);
  });
  let received = Buffer.alloc(0);
  const read = (bytes: Buffer): void => {
    received = Buffer.concat([received, bytes]);
    const cut = received.indexOf("\r\n\r\n");
    if (cut < 0) return;
    socket.off("data", read);
    const end = endOf(socket, true, received.subarray(cut + 4));
    resolve({ head: received.subarray(0, cut).toString(), end });
  };
  socket.on("data", read);
  socket.on("error", reject);
  return promise;
}

function endOf(socket: Socket, masks: boolean, first: Buffer = Buffer.alloc(0)): WebSocketEnd {
  let bytes = first;
  let isGone = false;
  let wake = (): void => undefined;
  socket.on("data", (more: Buffer) => {
    bytes = Buffer.concat([bytes, more]);
    wake();
  });
  socket.on("error", () => undefined);
  // Sockets of Node's HTTP server may be half open, so that the end of the other side is not yet a close.
  for (const event of ["end", "close"]) {
    socket.on(event, () => {
      isGone = true;
      wake();
    });
  }
  const send = (opcode: number, payload: Buffer): void => {
    if (payload.length > 125) throw new Error("a short frame has at most 125 bytes");
    const mask = masks ? [MASKED | payload.length, 0, 0, 0, 0] : [payload.length];
    socket.write(Buffer.concat([Buffer.of(opcode, ...mask), payload]));
  };
  return {
    text: (words) => send(TEXT, Buffer.from(words)),
    binary: (payload) => send(BINARY, Buffer.from(payload)),
    close: (code, reason) =>
      send(CLOSE, Buffer.concat([Buffer.of(code >> 8, code & 0xff), Buffer.from(reason)])),
    async next() {
      for (;;) {
        const frame = frameOf(bytes);
        if (frame !== undefined) {
          bytes = bytes.subarray(frame.length);
          return frame;
        }
        if (isGone) return undefined;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    destroy: () => socket.resetAndDestroy(),
  };
}

function frameOf(bytes: Buffer): (Frame & { readonly length: number }) | undefined {
  const [first, second] = [bytes[0], bytes[1]];
  if (first === undefined || second === undefined) return undefined;
  const [size, start] = [second & 0x7f, (second & MASKED) === 0 ? 2 : 6];
  if (bytes.length < start + size) return undefined;
  const mask = bytes.subarray(2, start);
  const payload = Buffer.from(
    bytes.subarray(start, start + size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)),
  );
  return { opcode: first & 0x0f, payload, length: start + size };
}
