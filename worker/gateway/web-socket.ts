import type { WebSocket } from "@cloudflare/workers-types";

/** A global of the runtime: the two ends of one connection. */
declare const WebSocketPair: new () => { readonly 0: WebSocket; readonly 1: WebSocket };

/** RFC 6455 §7.4.1: the connection breaks a policy of the endpoint. */
const POLICY_VIOLATION = 1008;

/**
 * Puts the gateway between the two ends of a WebSocket, so that it can end the connection. A socket that has no limit is
 * passed on whole instead, and then costs the gateway nothing.
 *
 * @param answer the origin's answer to the upgrade.
 * @param milliseconds how long the connection may last.
 */
export function limitWebSocket(answer: Response, milliseconds: number): Response {
  const origin = socketOf(answer);
  if (origin === undefined) return answer;
  const { 0: callers, 1: ours } = new WebSocketPair();
  for (const socket of [origin, ours]) {
    socket.accept();
    socket.binaryType = "arraybuffer";
  }
  const timer = setTimeout(() => {
    for (const socket of [origin, ours]) close(socket, POLICY_VIOLATION, "The assertion has expired.");
  }, milliseconds);
  relay(origin, ours, timer);
  relay(ours, origin, timer);
  return new Response(null, { status: 101, headers: answer.headers, webSocket: callers } as ResponseInit);
}

function socketOf(answer: Response): WebSocket | undefined {
  return (answer as { webSocket?: WebSocket | null }).webSocket ?? undefined;
}

/** Passes on what `from` says, and its end. */
function relay(from: WebSocket, to: WebSocket, timer: ReturnType<typeof setTimeout>): void {
  from.addEventListener("message", ({ data }) => to.send(data));
  from.addEventListener("close", ({ code, reason }) => {
    clearTimeout(timer);
    close(to, code, reason);
  });
  from.addEventListener("error", () => {
    clearTimeout(timer);
    close(to, 1011, "The other end of the connection failed.");
  });
}

/** RFC 6455 §7.4.1 reserves 1005, 1006 and 1015: they say that no code was sent, so none is. */
function close(socket: WebSocket, code: number, reason: string): void {
  try {
    if (code === 1005 || code === 1006 || code === 1015) socket.close();
    else socket.close(code, reason);
  } catch {
    // Both ends may close at once, and the runtime refuses to close a socket twice.
  }
}
