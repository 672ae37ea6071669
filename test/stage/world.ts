import { now, startExchange, trustDocument } from "./exchange.ts";
import { createGateway, type Gateway, type TlsPair } from "./gateway.ts";
import { createJob, type Job } from "./runner.ts";

export interface WorldOptions {
  /** Where the exchange says it is, if not where its gateway listens. */
  readonly issuer?: string;
  readonly tls?: TlsPair;
  /** Edits the trust document before it is put in force. */
  // biome-ignore lint/suspicious/noExplicitAny: a trust document is edited freely by each test
  readonly trust?: (document: any) => any;
}

/**
 * The real Worker in workerd and a token service that speaks GitHub's protocol, each behind a gateway that can fail.
 */
export async function startWorld(options: WorldOptions = {}) {
  let exchange: Awaited<ReturnType<typeof startExchange>> | undefined;
  const worker = async (request: Request): Promise<Response> => {
    if (exchange === undefined) throw new Error("the exchange has not started");
    const { pathname, search } = new URL(request.url);
    const body = request.method === "POST" ? await request.text() : undefined;
    return exchange.fetch(`${pathname}${search}`, {
      method: request.method,
      headers: withoutHost(request.headers),
      redirect: "manual",
      ...(body === undefined ? {} : { body }),
    });
  };
  const front = await createGateway(worker, options.tls);
  const issuer = options.issuer ?? front.url;
  const edit = options.trust ?? ((document) => document);
  exchange = await startExchange({ trust: () => edit({ ...trustDocument(), issuer }) });
  const { github } = exchange;
  /** Mints what GitHub's token service would, with these claims besides or instead of a push's. */
  const mint = (claims: Record<string, unknown>) => async (request: Request) => {
    if (request.headers.get("authorization") !== `Bearer ${github.requestToken}`) {
      return new Response("Unauthorized", { status: 401 });
    }
    const audience = new URL(request.url).searchParams.get("audience") ?? "";
    return Response.json({ count: 0, value: await github.token(audience, now(), claims) });
  };
  const tokens = await createGateway(mint({}), options.tls);
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
    openFront: (): Promise<Gateway> => opened(createGateway(worker)),
    /** One more token service, with faults of its own. */
    openTokens: (claims: Record<string, unknown> = {}): Promise<Gateway> =>
      opened(createGateway(mint(claims))),
    /** A job with `id-token: write`. */
    job: (env: Record<string, string> = {}, event?: unknown): Job => {
      const job = createJob(
        {
          ...tokenVariables(tokens.url, github.requestToken),
          ...env,
        },
        event,
      );
      jobs.push(job);
      return job;
    },
    close: async () => {
      for (const job of jobs) job.end();
      await Promise.all(gateways.map((gateway) => gateway.close()));
      await exchange?.close();
    },
  };
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** What a runner gives a job with `id-token: write`. Like GitHub's, the address already has a query string. */
export function tokenVariables(origin: string, bearer: string): Record<string, string> {
  return {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${origin}/_apis/pipelines/workflows/1/idtoken?api-version=2.0`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: bearer,
  };
}

function withoutHost(headers: Headers): Headers {
  const rest = new Headers(headers);
  for (const name of ["host", "connection", "content-length"]) rest.delete(name);
  return rest;
}
