import { err, ok, type Result } from "../result.ts";
import { frameMessage, readOneMessage } from "./framing.ts";
import { type Status, status, statusTrailers } from "./status.ts";
import { parseTimeout } from "./timeout.ts";

/** One call of gRPC on one HTTP/2 stream (grpc/grpc, doc/PROTOCOL-HTTP2.md). The stream is handed in. */

/** The headers of a request, as `node:http2` gives them. */
export type CallHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The part of `ServerHttp2Stream` of `node:http2` that a call needs. */
export interface CallStream {
  /** No response can be sent any more. */
  readonly destroyed: boolean;
  readonly headersSent: boolean;
  respond(
    headers: Record<string, string | number>,
    options?: { endStream?: boolean; waitForTrailers?: boolean },
  ): void;
  write(bytes: Uint8Array, written: () => void): unknown;
  end(): unknown;
  sendTrailers(headers: Record<string, string>): void;
  on(event: "data", listener: (part: Uint8Array) => void): unknown;
  on(event: "end" | "close" | "error" | "wantTrailers", listener: () => void): unknown;
}

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
  const over = new AbortController();
  stream.on("close", () => over.abort());
  const finish = (end: Status): void => {
    if (over.signal.aborted) return;
    over.abort();
    endCall(stream, end);
  };
  const problem = httpProblem(headers);
  const asked = judgeHeaders(headers, service);
  if (problem !== undefined || !asked.ok) {
    drain(stream);
    if (problem !== undefined) stream.respond({ ":status": problem }, { endStream: true });
    else if (!asked.ok) finish(asked.error);
    return;
  }
  const { method, timeoutMs } = asked.value;
  endAtDeadline(timeoutMs, service, over.signal, finish);
  endWith(ending, over.signal, finish);
  const send = (message: Uint8Array): Promise<void> => sendMessage(stream, message, over.signal);
  readRequest(stream, headers, service, finish, (request) => {
    method(request, { send, signal: over.signal }).then(finish, (error: unknown) => {
      service.onBug(error);
      finish(status("internal", "A bug in svid-exchange ended the call."));
    });
  });
}

const RESPONSE_HEADERS = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity",
};

/** What is no call of gRPC gets a status of HTTP. */
function httpProblem(headers: CallHeaders): number | undefined {
  if (headers[":method"] !== "POST") return 405;
  const type = text(headers["content-type"]) ?? "";
  return /^application\/grpc(\+proto)?(;|$)/.test(type) ? undefined : 415;
}

interface Asked {
  readonly method: Method;
  readonly timeoutMs: number | undefined;
}

function judgeHeaders(headers: CallHeaders, service: Service): Result<Asked, Status> {
  const timeout = parseTimeout(text(headers["grpc-timeout"]));
  if (!timeout.ok) return err(status("internal", `${timeout.error}.`));
  const method = service.methodOf(text(headers[":path"]) ?? "", headers);
  return method.ok ? ok({ method: method.value, timeoutMs: timeout.value }) : method;
}

/** Bytes that nobody took would close the window that all streams of a connection share (RFC 9113 §5.2.1). */
function drain(stream: CallStream): void {
  stream.on("data", () => {});
}

function readRequest(
  stream: CallStream,
  headers: CallHeaders,
  { maxRequestBytes }: Service,
  finish: (end: Status) => void,
  serve: (request: Uint8Array) => void,
): void {
  const reader = readOneMessage(text(headers["grpc-encoding"]), maxRequestBytes);
  let refused = false;
  stream.on("data", (part) => {
    if (refused) return;
    const problem = reader.push(part);
    if (problem === undefined) return;
    refused = true;
    finish(problem);
  });
  stream.on("end", () => {
    if (refused) return;
    const request = reader.end();
    if (request.ok) serve(request.value);
    else finish(request.error);
  });
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
  const end = (): void => finish(status("unavailable", "The Workload API of this job has ended."));
  if (ending.aborted) end();
  else ending.addEventListener("abort", end, { once: true, signal: over });
}

async function sendMessage(stream: CallStream, message: Uint8Array, over: AbortSignal): Promise<void> {
  if (over.aborted || stream.destroyed) return;
  if (!stream.headersSent) stream.respond(RESPONSE_HEADERS, { waitForTrailers: true });
  await new Promise<void>((resolve) => {
    const end = (): void => {
      over.removeEventListener("abort", end);
      resolve();
    };
    over.addEventListener("abort", end);
    stream.write(frameMessage(message), end);
  });
}

/** A call without a message ends with its headers alone ("Trailers-Only"). */
function endCall(stream: CallStream, end: Status): void {
  if (stream.destroyed) return;
  if (!stream.headersSent) {
    stream.respond({ ...RESPONSE_HEADERS, ...statusTrailers(end) }, { endStream: true });
    return;
  }
  stream.on("wantTrailers", () => stream.sendTrailers({ ...statusTrailers(end) }));
  stream.end();
}

function text(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : header?.join(",");
}
