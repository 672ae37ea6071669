import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What an origin saw of one request: the header lines as they came, in their order. */
export interface SeenRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
}

export type Answer = (incoming: IncomingMessage, outgoing: ServerResponse) => void | Promise<void>;
export type OnUpgrade = (incoming: IncomingMessage, socket: Socket) => void;

export type Origin = Awaited<ReturnType<typeof startOrigin>>;

/** Larger than what workerd sends. */
const MAX_HEADER_BYTES = 512 * 1024;

/** An application's own server on loopback, whose answers a test chooses by path. It tells what it saw. */
export async function startOrigin() {
  const seen: SeenRequest[] = [];
  const answers = new Map<string, Answer>();
  const events: string[] = [];
  let onUpgrade: OnUpgrade = (_, socket) => void socket.destroy();
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, async (incoming, outgoing) => {
    seen.push(seenOf(incoming));
    const path = (incoming.url ?? "").split("?")[0] ?? "";
    outgoing.on("close", () => events.push(`${path} ${outgoing.writableFinished ? "ended" : "cut"}`));
    try {
      await (answers.get(path) ?? ok)(incoming, outgoing);
    } catch {
      events.push(`${path} failed`);
    }
  });
  const upgraded = new Set<Socket>();
  server.on("upgrade", (incoming, socket) => {
    upgraded.add(socket as Socket);
    seen.push(seenOf(incoming));
    onUpgrade(incoming, socket as Socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** Every request that reached the origin, in order. */
    seen,
    /** How responses ended: `PATH ended` or `PATH cut`. */
    events,
    /** Answers at a path from now on; other paths are answered with 200 and "ok". */
    at: (path: string, answer: Answer): void => void answers.set(path, answer),
    upgradeWith: (next: OnUpgrade): void => {
      onUpgrade = next;
    },
    last: (): SeenRequest => {
      const request = seen.at(-1);
      if (request === undefined) throw new Error("no request has reached the origin");
      return request;
    },
    close: (): Promise<void> =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        for (const socket of upgraded) socket.destroy();
      }),
  };
}

function seenOf({ method = "", url = "", rawHeaders }: IncomingMessage): SeenRequest {
  const headers = Array.from({ length: rawHeaders.length / 2 }, (_, index) => {
    const [name = "", value = ""] = rawHeaders.slice(2 * index, 2 * index + 2);
    return [name, value] as const;
  });
  return { method, url, headers };
}

const ok: Answer = (_, outgoing) => void outgoing.end("ok");

/** The values of a header, whatever its case. */
export function valuesOf({ headers }: SeenRequest, name: string): readonly string[] {
  return headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
}
