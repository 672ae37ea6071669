import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { createProviderKey } from "../../local/provider-keys.ts";

/** CI systems as a job sees them: token services on loopback, and programs on the PATH. */

export interface Service {
  readonly url: string;
  /** `METHOD path?query`, in order. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** Serves on loopback what `answer` gives. */
export async function serve(answer: (request: Request) => Promise<Response> | Response): Promise<Service> {
  const asked: string[] = [];
  const server = createServer(async (incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    );
    const method = incoming.method ?? "GET";
    const body = method === "GET" ? {} : { body: await buffer(incoming) };
    const request = new Request(`http://127.0.0.1${incoming.url}`, { method, headers, ...body });
    const response = await answer(request);
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server listens on no port");
  const close = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return { url: `http://127.0.0.1:${address.port}`, asked, close };
}

export interface GenericIssuer {
  readonly issuer: string;
  readonly jwks: { readonly keys: readonly object[] };
  readonly token: (audience: string, claims?: object) => Promise<string>;
}

/** An issuer of the trust document's type `jwt`, with inline keys. */
export async function createGenericIssuer(
  issuer: string,
  own: object,
  lifetime = 3600,
): Promise<GenericIssuer> {
  const key = await createProviderKey(`key-of-${new URL(issuer).host}`);
  const token = (audience: string, claims: object = {}): Promise<string> => {
    const iat = Math.floor(Date.now() / 1000);
    return key.sign({
      iss: issuer,
      aud: audience,
      iat,
      exp: iat + lifetime,
      jti: crypto.randomUUID(),
      ...own,
      ...claims,
    });
  };
  return { issuer, jwks: { keys: [key.publicJwk] }, token };
}

/** A program on the PATH that answers with what `url` gives for its arguments. */
export function installProgram(folder: string, name: string, url: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nexec curl -fsS -G --data-urlencode "args=$*" "${url}/${name}"\n`);
  chmodSync(path, 0o755);
}
