import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";

/** Answers a request as `fetch` handlers do. */
export type Handler = (request: Request) => Promise<Response> | Response;

export interface Server {
  /** `http://127.0.0.1:<port>`, or `https://…` with a key pair. */
  readonly origin: string;
  readonly port: number;
  close(): Promise<void>;
}

/** A private key and its certificate, both PEM. */
export interface TlsPair {
  readonly key: string;
  readonly cert: string;
}

/** Serves on a free loopback port. The handler is made once the origin is known, as an issuer's name is its origin. */
export async function serve(createHandler: (origin: string) => Promise<Handler>): Promise<Server> {
  let handler: Handler = async () => new Response(null, { status: 503 });
  const server = await listen(async (incoming, outgoing) => {
    await respond(await handler(await toRequest(incoming, server.origin)), outgoing);
  });
  handler = await createHandler(server.origin);
  return server;
}

/** Listens on a free loopback port. Where `answer` fails, the connection breaks off. */
export async function listen(
  answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>,
  tls?: TlsPair,
): Promise<Server> {
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    answer(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server = tls === undefined ? createServer(onRequest) : createTlsServer(tls, onRequest);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The request as `fetch` handlers take it. Its redirects are for whoever sent it to follow. */
export async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const { method = "GET", url = "/" } = incoming;
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as [string, string]],
  );
  const body = await buffer(incoming);
  return new Request(`${origin}${url}`, {
    method,
    headers,
    redirect: "manual",
    ...(body.length === 0 ? {} : { body }),
  });
}

/** Sends a response byte by byte as it stands: an encoded body stays encoded, a body that fails breaks off. */
export async function respond(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) outgoing.end();
  else await pipeline(response.body, outgoing);
}
