import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";

/** How one request goes wrong before it reaches what stands behind. */
export type Fault =
  | "500"
  | "502"
  | "429"
  | "429 for long"
  | "reset"
  | "hang"
  | "halfway"
  | "redirect"
  | "page";

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  /** Taken one a request, in order; after the last, all is well. */
  readonly faults: Fault[];
  readonly seen: Seen[];
  close(): Promise<void>;
}

export interface TlsPair {
  readonly key: string;
  readonly cert: string;
}

/** A server on loopback, in front of something real, that can be made to fail. */
export async function createGateway(
  behind: (request: Request) => Promise<Response>,
  tls?: TlsPair,
): Promise<Gateway> {
  const faults: Fault[] = [];
  const seen: Seen[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response, { behind, faults, seen }).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(answer) : createTlsServer(tls, answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    faults,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Inside {
  readonly behind: (request: Request) => Promise<Response>;
  readonly faults: Fault[];
  readonly seen: Seen[];
}

async function handle(request: IncomingMessage, response: ServerResponse, inside: Inside): Promise<void> {
  const { method = "", url: path = "", headers } = request;
  let body = "";
  for await (const chunk of request) body += chunk;
  inside.seen.push({ method, path, headers, body });
  const fault = inside.faults.shift();
  if (fault !== undefined) return FAULTS[fault](response);
  const forwarded = new Request(`http://${headers.host}${path}`, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    redirect: "manual",
    ...(method === "GET" || method === "HEAD" ? {} : { body }),
  });
  const answer = await inside.behind(forwarded);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

const FAULTS: Readonly<Record<Fault, (response: ServerResponse) => void>> = {
  "500": (response) => response.writeHead(500).end("oops"),
  "502": (response) => response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad gateway</h1>"),
  "429": (response) => response.writeHead(429, { "retry-after": "1" }).end(),
  "429 for long": (response) => response.writeHead(429, { "retry-after": "3600" }).end(),
  reset: (response) => response.socket?.resetAndDestroy(),
  hang: () => {},
  halfway: (response) => {
    response.writeHead(200, { "content-length": "1000" });
    response.write('{"access_token":"', () => response.destroy());
  },
  redirect: (response) =>
    response.writeHead(302, { location: "https://login.example.org/start?state=1" }).end(),
  page: (response) => response.writeHead(200, { "content-type": "text/html" }).end("<title>Welcome</title>"),
};
