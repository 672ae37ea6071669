import { err, ok, type Result } from "../result.ts";
import { type Service, serveCall } from "./call.ts";
import type { CallHeaders, CallStream } from "./stream.ts";

/** A server of gRPC over HTTP/2 without TLS. Whoever starts it hands in its `node:http2`. */

/** The part of `ServerHttp2Session` of `node:http2` that the server needs. */
interface Session {
  /** Sends GOAWAY, and ends once its streams have. */
  close(): void;
  destroy(): void;
  on(event: "close" | "error", listener: () => void): unknown;
}

/** The part of `Http2Server` of `node:http2` that the server needs. */
interface Http2Server {
  on(event: "session", listener: (session: Session) => void): unknown;
  on(event: "stream", listener: (stream: CallStream, headers: CallHeaders) => void): unknown;
  on(event: "error", listener: (error: { readonly code?: string }) => void): unknown;
  listen(place: ListenPlace, listening: () => void): unknown;
  address(): unknown;
  close(closed: () => void): unknown;
}

export type ListenPlace = { readonly path: string } | { readonly host: string; readonly port: number };

export interface ServerPorts {
  /** `createServer` of `node:http2`. */
  readonly createServer: (options: { settings: { maxConcurrentStreams: number } }) => Http2Server;
  /** Ends early, and without an error, once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

export interface RunningServer {
  /** The port of TCP that was chosen; absent for a socket of the file system. */
  readonly port?: number;
  /** Ends each open call as `UNAVAILABLE`, and each connection with GOAWAY (RFC 9113 §6.8). */
  readonly close: () => Promise<void>;
}

/** Calls at once on one connection. A program has a few, and a stream of bundles for each of its sources. */
export const MAX_CONCURRENT_STREAMS = 1_000;
/** A client that does not read its last message does not hold the end of the job up for longer. */
const CLOSE_GRACE_MS = 1_000;

/** @returns the server once it answers, or the error code of the system, such as `EADDRINUSE`. */
export function startServer(
  place: ListenPlace,
  service: Service,
  { createServer, pause }: ServerPorts,
): Promise<Result<RunningServer, string>> {
  const server = createServer({ settings: { maxConcurrentStreams: MAX_CONCURRENT_STREAMS } });
  const ending = new AbortController();
  const sessions = new Set<Session>();
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => {}); // The client broke the protocol or the connection: `close` follows.
    session.on("close", () => sessions.delete(session));
  });
  server.on("stream", (stream, headers) => serveCall(stream, headers, service, ending.signal));
  const close = async (): Promise<void> => {
    const closed = new AbortController();
    server.close(() => closed.abort());
    ending.abort();
    for (const session of sessions) session.close();
    await pause(CLOSE_GRACE_MS, closed.signal);
    for (const session of sessions) session.destroy();
  };
  return new Promise((resolve) => {
    server.on("error", ({ code }) => resolve(err(code ?? "failed")));
    server.listen(place, () => resolve(ok({ ...portOf(server.address()), close })));
  });
}

function portOf(address: unknown): { readonly port?: number } {
  const isOfTcp = typeof address === "object" && address !== null && "port" in address;
  return isOfTcp ? { port: Number(address.port) } : {};
}
