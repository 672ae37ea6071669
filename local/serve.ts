import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** Answers a request as `fetch` handlers do. */
export type Handler = (request: Request) => Promise<Response>;

export interface Server {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  close(): Promise<void>;
}

/** Serves on a free loopback port. The handler is made once the origin is known, as an issuer's name is its origin. */
export async function serve(createHandler: (origin: string) => Promise<Handler>): Promise<Server> {
  let handler: Handler | undefined;
  const server = createServer(async (incoming, outgoing) => {
    const response =
      (await handler?.(await toRequest(incoming, origin()))) ?? new Response(null, { status: 503 });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  handler = await createHandler(origin());
  return {
    origin: origin(),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function toRequest(incoming: IncomingMessage, origin: string): Promise<Request> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value] as [string, string]],
  );
  const body = chunks.length === 0 ? undefined : Buffer.concat(chunks);
  return new Request(`${origin}${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers,
    ...(body === undefined ? {} : { body }),
  });
}
