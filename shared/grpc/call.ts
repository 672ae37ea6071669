import type { Result } from "../result.ts";
import { drain, judgeHeaders, type NoCall, readRequest } from "./request.ts";
import { endCall, endWithHeaders, sendMessage } from "./response.ts";
import { type Status, status } from "./status.ts";
import type { CallHeaders, CallStream } from "./stream.ts";

/** One call of gRPC on one HTTP/2 stream (grpc/grpc, doc/PROTOCOL-HTTP2.md). The stream is handed in. */

/** What a method may do with its call. */
export interface Call {
  /** Sends a message; ends once the client has room for the next one, or the call is over. */
  readonly send: (message: Uint8Array) => Promise<void>;
  /** Aborted once nobody waits for the method any more. */
  readonly signal: AbortSignal;
}

/** A method with one request message: sends its messages, and says how the call ends. */
export type Method = (request: Uint8Array, call: Call) => Promise<Status>;

export interface Service {
  /** Chooses the method by the headers, or refuses the call. */
  readonly methodOf: (path: string, headers: CallHeaders) => Result<Method, Status>;
  /** Bytes of a request message. */
  readonly maxRequestBytes: number;
  /** Ends early, and without an error, once the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Is told of an error that only a bug can throw. */
  readonly onBug: (error: unknown) => void;
}

/** @param ending aborted once the server ends: each open call ends then, as one that may be repeated elsewhere. */
export function serveCall(
  stream: CallStream,
  headers: CallHeaders,
  service: Service,
  ending: AbortSignal,
): void {
  stream.on("error", () => {}); // The client has gone: `close` follows.
  const judged = judgeHeaders(headers, service.methodOf);
  if (!judged.ok) {
    drain(stream);
    refuse(stream, judged.error);
    return;
  }
  const over = new AbortController();
  stream.on("close", () => over.abort());
  const finish = (end: Status): void => {
    if (over.signal.aborted) return;
    over.abort();
    endCall(stream, end);
  };
  const { method, timeoutMs } = judged.value;
  endAtDeadline(timeoutMs, service, over.signal, finish);
  endWith(ending, over.signal, finish);
  const send = (message: Uint8Array): Promise<void> => sendMessage(stream, message, over.signal);
  readRequest(stream, headers, service.maxRequestBytes, (request) => {
    if (!request.ok) {
      finish(request.error);
      return;
    }
    method(request.value, { send, signal: over.signal }).then(finish, (error: unknown) => {
      service.onBug(error);
      finish(status("internal", "A bug in svid-exchange ended the call."));
    });
  });
}

function refuse(stream: CallStream, refusal: Status | NoCall): void {
  if ("httpStatus" in refusal) endWithHeaders(stream, { ":status": refusal.httpStatus });
  else endCall(stream, refusal);
}

function endAtDeadline(
  timeoutMs: number | undefined,
  { pause }: Service,
  over: AbortSignal,
  finish: (end: Status) => void,
): void {
  if (timeoutMs === undefined) return;
  void pause(timeoutMs, over).then(() =>
    finish(status("deadlineExceeded", "The deadline of the call passed.")),
  );
}

function endWith(ending: AbortSignal, over: AbortSignal, finish: (end: Status) => void): void {
  const end = (): void => finish(status("unavailable", "The server has ended."));
  if (ending.aborted) end();
  else ending.addEventListener("abort", end, { once: true, signal: over });
}
