import { createServer, type IncomingMessage, request } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";

export interface HttpProxy {
  readonly url: string;
  readonly port: number;
  /** The targets of CONNECT, in order. */
  readonly tunnels: string[];
  /** The targets of plain requests, in order. */
  readonly forwards: string[];
  readonly credentials: (string | undefined)[];
  /** A status to refuse with, instead of connecting. */
  refuseWith: number | undefined;
  close(): void;
}

/**
 * An HTTP proxy as companies run them: CONNECT for https, absolute-form requests for http.
 *
 * @param resolve gives the port of this machine that stands for a host.
 */
export async function createProxy(resolve: (host: string) => number | undefined): Promise<HttpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer();
  const proxy = {
    tunnels: [] as string[],
    forwards: [] as string[],
    credentials: [] as (string | undefined)[],
  };
  const state: HttpProxy = { ...proxy, url: "", port: 0, refuseWith: undefined, close: () => undefined };
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (asked: IncomingMessage, socket: Socket) => {
    state.tunnels.push(asked.url ?? "");
    state.credentials.push(asked.headers["proxy-authorization"]);
    const port = resolve((asked.url ?? "").split(":")[0] ?? "");
    if (state.refuseWith !== undefined || port === undefined) {
      socket.end(`HTTP/1.1 ${state.refuseWith ?? 502} Refused\r\n\r\n`);
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream])
      end.on("error", () => [socket, upstream].map((one) => one.destroy()));
    sockets.add(upstream);
  });
  server.on("request", (asked, answer) => {
    state.forwards.push(asked.url ?? "");
    const url = new URL(asked.url ?? "");
    const options = { port: resolve(url.hostname), path: url.pathname + url.search, headers: asked.headers };
    asked.pipe(
      request({ host: "127.0.0.1", method: asked.method, ...options }, (from) => {
        answer.writeHead(from.statusCode ?? 500, from.headers);
        from.pipe(answer);
      }),
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  });
}
