import type { ExecutionContext } from "@cloudflare/workers-types";
import { createApp } from "../worker/app.ts";
import type { Env } from "../worker/env.ts";

/** What passes through the gateway is measured with. */
export interface GatewayMeasurement {
  /** A trust document with an application whose origin answers at once. */
  readonly document: string;
  readonly host: string;
  /** The origin's address on loopback. */
  readonly origin: string;
  /** Exchanges the job's ID token for an SVID of the application. */
  readonly form: string;
}

type Task = () => Promise<unknown>;

/** What a request of a client has, so that there are headers to look through. */
const HEADERS = {
  accept: "application/json",
  "accept-encoding": "gzip, br",
  "content-type": "application/json",
  "user-agent": "curl/8.14.1",
  cookie: "session=5f1c9e2a7b",
  "cf-connecting-ip": "198.51.100.7",
  "cf-ray": "8f1c9e2a7b5d1c9e-FRA",
  "x-forwarded-for": "198.51.100.7",
  "x-forwarded-proto": "https",
};

/** What the benchmark's origin answers with at this path, instead of a few words. */
export const LARGE = { path: "/large", bytes: 4 * 1024 * 1024 } as const;

/**
 * A warm pass-through, and the least that a proxy can do: the same request, sent on by `fetch`, its answer passed back.
 * Both with a few words and with a large body.
 */
export async function gatewayTasks(
  { form, host, origin }: Pick<GatewayMeasurement, "form" | "host" | "origin">,
  issuer: string,
  env: Env,
  ctx: ExecutionContext,
): Promise<Readonly<Record<string, Task>>> {
  const app = createApp(() => Math.floor(Date.now() / 1000));
  const body = new Request(`${issuer}/token`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: form,
  });
  const exchanged = (await (await app.fetch(body, env, ctx)).json()) as { access_token: string };
  const headers = { ...HEADERS, host, authorization: `Bearer ${exchanged.access_token}` };
  const request = (path: string) => new Request(`https://${host}${path}`, { headers });
  const read = async (answer: Promise<Response>): Promise<number> => {
    const { status } = await answer;
    const body = await (await answer).arrayBuffer();
    if (status !== 200) throw new Error(`status ${status}: ${new TextDecoder().decode(body)}`);
    return body.byteLength;
  };
  const proxy = async (incoming: Request): Promise<Response> => {
    const { pathname, search } = new URL(incoming.url);
    const answer = await fetch(new Request(`${origin}${pathname}${search}`, incoming));
    return new Response(answer.body, answer);
  };
  const small = "/api/jobs?state=running";
  return {
    proxy: () => read(proxy(request(small))),
    gateway: () => read(app.fetch(request(small), env, ctx)),
    "proxy:large": () => read(proxy(request(LARGE.path))),
    "gateway:large": () => read(app.fetch(request(LARGE.path), env, ctx)),
  };
}
