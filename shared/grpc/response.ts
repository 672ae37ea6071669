import { frameMessage } from "./framing.ts";
import { type Status, statusTrailers } from "./status.ts";
import { type CallStream, isOpen, NO_ERROR } from "./stream.ts";

/** The response to a call: its headers, its messages, and the status in its trailers. */

const HEADERS = {
  ":status": 200,
  "content-type": "application/grpc",
  "grpc-accept-encoding": "identity",
};

/** Ends once the client has room for the next message, or the call is over. */
export async function sendMessage(stream: CallStream, message: Uint8Array, over: AbortSignal): Promise<void> {
  if (over.aborted || !isOpen(stream)) return;
  if (!stream.headersSent) stream.respond(HEADERS, { waitForTrailers: true });
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
export function endCall(stream: CallStream, end: Status): void {
  const trailers = { ...statusTrailers(end) };
  if (!stream.headersSent) {
    endWithHeaders(stream, { ...HEADERS, ...trailers });
    return;
  }
  stream.on("wantTrailers", () => {
    if (isOpen(stream)) stream.sendTrailers(trailers);
  });
  stream.end();
}

export function endWithHeaders(stream: CallStream, headers: Record<string, string | number>): void {
  if (!isOpen(stream)) return;
  stream.respond(headers, { endStream: true });
  stream.close(NO_ERROR);
}
