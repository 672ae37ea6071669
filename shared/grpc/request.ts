import { err, ok, type Result } from "../result.ts";
import { readOneMessage } from "./framing.ts";
import { type Status, status } from "./status.ts";
import { type CallHeaders, type CallStream, headerText } from "./stream.ts";
import { parseTimeout } from "./timeout.ts";

/** The request of a call: its headers and its one message. */

/** What is no call of gRPC gets a status of HTTP. */
export interface NoCall {
  readonly httpStatus: 405 | 415;
}

/** What the headers of a call name. */
export interface JudgedHeaders<M> {
  readonly method: M;
  /** Milliseconds, if the call has a deadline. */
  readonly timeoutMs: number | undefined;
}

export function judgeHeaders<M>(
  headers: CallHeaders,
  methodOf: (path: string, headers: CallHeaders) => Result<M, Status>,
): Result<JudgedHeaders<M>, Status | NoCall> {
  if (headers[":method"] !== "POST") return err({ httpStatus: 405 });
  const type = headerText(headers, "content-type") ?? "";
  if (!/^application\/grpc(\+proto)?(;|$)/.test(type)) return err({ httpStatus: 415 });
  const timeout = parseTimeout(headerText(headers, "grpc-timeout"));
  if (!timeout.ok) return err(status("internal", `${timeout.error}.`));
  const method = methodOf(headerText(headers, ":path") ?? "", headers);
  return method.ok ? ok({ method: method.value, timeoutMs: timeout.value }) : method;
}

/** @param done gets the message once the request is whole, or as early as it is certain that the request is refused. */
export function readRequest(
  stream: CallStream,
  headers: CallHeaders,
  maxBytes: number,
  done: (request: Result<Uint8Array, Status>) => void,
): void {
  const reader = readOneMessage(headerText(headers, "grpc-encoding"), maxBytes);
  let refused = false;
  stream.on("data", (part) => {
    if (refused) return; // The rest is taken, and forgotten.
    const problem = reader.push(part);
    if (problem === undefined) return;
    refused = true;
    done(err(problem));
  });
  stream.on("end", () => {
    if (!refused) done(reader.end());
  });
}

/** Bytes that nobody took would close the window that all streams of a connection share (RFC 9113 §5.2.1). */
export function drain(stream: CallStream): void {
  stream.on("data", () => {});
}
