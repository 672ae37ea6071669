import { now } from "../../local/clock.ts";
import type { TlsPair } from "../../local/serve.ts";
import { type ExchangeOptions, startExchange } from "./exchange.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createJob, type Job } from "./runner.ts";

export interface WorldOptions extends ExchangeOptions {
  /** Where the exchange says it is, if not where its gateway listens. */
  readonly issuer?: string;
  readonly tls?: TlsPair;
  /** The time at which GitHub mints its tokens, in Unix seconds. */
  readonly clock?: () => number;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

type Claims = Readonly<Record<string, unknown>>;

/**
 * The exchange as jobs meet it: the real Worker in workerd and a token service that speaks GitHub's protocol, each
 * behind a gateway on loopback that can fail. The exchange's issuer is its gateway's address, so that its published
 * documents can be read where they say they are.
 */
export async function startWorld({ clock = now, ...options }: WorldOptions = {}) {
  const { trust = (document) => document, tls } = options;
  const front = await createGateway((request) => forward(request), tls);
  const issuer = options.issuer ?? front.url;
  const exchange = await startExchange({
    ...options,
    trust: trust && ((document) => trust({ ...document, issuer })),
  });
  const { github } = exchange;

  async function forward(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    for (const name of ["host", "connection", "content-length", "transfer-encoding"]) headers.delete(name);
    const body = request.method === "POST" ? { body: await request.text() } : {};
    return exchange.fetch(`${pathname}${search}`, {
      method: request.method,
      headers,
      redirect: "manual",
      ...body,
    });
  }

  /** Mints what GitHub's token service would, with these claims besides or instead of a push's. */
  const mint = (claims: Claims) => async (request: Request) => {
    if (request.headers.get("authorization")?.toLowerCase() !== `bearer ${github.requestToken}`) {
      return new Response("Unauthorized", { status: 401 });
    }
    const audience = new URL(request.url).searchParams.get("audience") ?? "";
    return Response.json({ count: 0, value: await github.token(audience, clock(), claims) });
  };
  const tokens = await createGateway(mint({}), tls);
  const gateways = [front, tokens];
  const opened = async (gateway: Promise<Gateway>): Promise<Gateway> => {
    gateways.push(await gateway);
    return gateway;
  };
  const jobs: Job[] = [];
  return {
    url: issuer,
    exchange,
    front,
    tokens,
    /** One more way to the same exchange, with faults of its own. */
    openFront: (): Promise<Gateway> => opened(createGateway(forward)),
    /** One more token service, with faults of its own. */
    openTokens: (claims: Claims = {}): Promise<Gateway> => opened(createGateway(mint(claims))),
    /** What a job with `id-token: write` has in its environment. */
    tokenVariables: (origin = tokens.url) => tokenVariables(origin, github.requestToken),
    /** A job with `id-token: write`, for steps that run the built Action. */
    job: (env: Record<string, string> = {}, event?: unknown): Job => {
      const job = createJob({ ...tokenVariables(tokens.url, github.requestToken), ...env }, event);
      jobs.push(job);
      return job;
    },
    close: async () => {
      for (const job of jobs) job.end();
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await exchange.close();
    },
  };
}

/** What a runner gives a job with `id-token: write`. Like GitHub's, the address already has a query string. */
export function tokenVariables(origin: string, bearer: string): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/_apis/pipelines/workflows/1/idtoken?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  };
}
