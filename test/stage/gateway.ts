import type { IncomingMessage, ServerResponse } from "node:http";
import { type Handler, listen, respond, type TlsPair, toRequest } from "../../local/serve.ts";

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
  /** With its query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

export interface Gateway {
  readonly url: string;
  readonly port: number;
  /** One is taken for each request, in order; after the last, all is well. */
  readonly faults: Fault[];
  readonly seen: Seen[];
  /** Is called for each request that is left hanging. */
  onHang: () => void;
  /** What was seen as `METHOD path?query`, in order. */
  asked(): readonly string[];
  close(): Promise<void>;
}

/** A server on loopback, in front of something real or of a few words, that can be made to fail. */
export async function createGateway(behind: Handler, tls?: TlsPair): Promise<Gateway> {
  const faults: Fault[] = [];
  const seen: Seen[] = [];
  const answer = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await toRequest(incoming, server.origin);
    seen.push(await seenOf(request.clone()));
    const fault = faults.shift();
    if (fault === undefined) await respond(await behind(request), outgoing);
    else FAULTS[fault](outgoing);
    if (fault === "hang") gateway.onHang();
  };
  const server = await listen(answer, tls);
  const gateway: Gateway = {
    url: server.origin,
    port: server.port,
    faults,
    seen,
    onHang: () => {},
    asked: () => seen.map(({ method, path }) => `${method} ${path}`),
    close: server.close,
  };
  return gateway;
}

async function seenOf(request: Request): Promise<Seen> {
  const { pathname, search } = new URL(request.url);
  const { method, headers } = request;
  return { method, path: `${pathname}${search}`, headers, body: await request.text() };
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
