import { readFileSync } from "node:fs";
import type { KVNamespace } from "@cloudflare/workers-types";
import { createTestHarness } from "wrangler";
import { parse } from "yaml";
import { createGithubIssuer, type GithubIssuer } from "../../local/github.ts";
import { createGitlabIssuer, type GitlabIssuer } from "../../local/gitlab.ts";
import { configWithMain } from "../../local/worker-config.ts";
import { exchangeForm } from "../../shared/wire.ts";

/** Answers one outbound request of the Worker, or `undefined` to let the next one answer. */
export type Outbound = (request: Request) => Promise<Response | undefined> | Response | undefined;

// biome-ignore lint/suspicious/noExplicitAny: a trust document is edited freely by each test
export type Document = any;

export interface ExchangeOptions {
  /** Edits the repository's own `trust.yaml` before it is put in KV; `null` starts without a document. */
  readonly trust?: ((document: Document) => Document) | null;
  /** Is asked before the two issuers; an answer of `undefined` passes the request on to them. */
  readonly outbound?: Outbound;
  /** Another entry than `worker/main.ts`, for example one on virtual time. */
  readonly main?: string;
  readonly secrets?: Record<string, string>;
}

export type Exchange = Awaited<ReturnType<typeof startExchange>>;

export const OUR_ISSUER = "https://svid.example.org";
export const KEY_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString("base64");

/**
 * Starts the real Worker in workerd from the real `wrangler.toml`. Its outbound requests are answered here: those to
 * `https://token.actions.githubusercontent.com` and `https://gitlab.com` by local issuers, all others with an error.
 */
export async function startExchange(options: ExchangeOptions = {}) {
  const github = await createGithubIssuer("https://token.actions.githubusercontent.com");
  const gitlab = await createGitlabIssuer("https://gitlab.com");
  const requests: string[] = [];
  let outbound = options.outbound;
  const restoreFetch = interceptFetch(async (request) => {
    requests.push(request.url);
    return (await outbound?.(request)) ?? answerAsIssuer(github, gitlab, request);
  });
  const config = options.main === undefined ? undefined : configWithMain(options.main);
  const secrets = { KEY_ENCRYPTION_KEY, ...options.secrets };
  const server = createTestHarness({ workers: [{ configPath: config?.path ?? "wrangler.toml", secrets }] });
  const { url } = await server.listen();

  const kv = async (): Promise<KVNamespace> => (await server.getWorker<{ KV: KVNamespace }>().getEnv()).KV;
  const putTrust = async (document: Document) => (await kv()).put("trust", JSON.stringify(document));
  const seed = async () => {
    if (options.trust !== null) await putTrust((options.trust ?? ((document) => document))(trustDocument()));
  };
  await seed();

  const exchange = {
    url,
    server,
    github,
    gitlab,
    /** The addresses that the Worker asked for, in order. */
    requests,
    kv,
    putTrust,
    fetch: (path: string, init?: RequestInit): Promise<Response> =>
      server.fetch(`${OUR_ISSUER}${path}`, init as never) as unknown as Promise<Response>,
    /** Posts a form to `/token`: as given, or the usual one around a subject token. */
    post: (form: string | URLSearchParams, headers: Record<string, string> = {}): Promise<Response> =>
      exchange.fetch("/token", {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
        body: form.toString(),
      }),
    exchange: (
      subjectToken: string,
      more: { audience?: string; policy?: string; dryRun?: boolean } = {
        audience: "https://vault.example.org",
      },
    ): Promise<Response> => exchange.post(exchangeForm({ subjectToken, ...more })),
    setOutbound: (next: Outbound | undefined) => {
      outbound = next;
    },
    logs: (): string[] => server.getLogs().map((log) => log.message),
    /** A fresh workerd with empty storage and memory, seeded again. */
    reset: async () => {
      await server.reset();
      requests.length = 0;
      await seed();
    },
    close: async () => {
      await server.close();
      restoreFetch();
      config?.remove();
    },
  };
  return exchange;
}

/** The repository's own `trust.yaml` as a value. */
export function trustDocument(): Document {
  return parse(readFileSync("trust.yaml", "utf8"));
}

/** Unix seconds. */
export function now(): number {
  return Math.floor(Date.now() / 1000);
}

function answerAsIssuer(github: GithubIssuer, gitlab: GitlabIssuer, request: Request): Promise<Response> {
  if (request.url.startsWith(github.issuer)) return github.handle(request, now());
  if (request.url.startsWith(gitlab.issuer)) return gitlab.handle(request);
  return Promise.reject(new TypeError(`no route to ${request.url}`));
}

/** The test harness hands the Worker's outbound requests to the global `fetch` of this process. */
function interceptFetch(answer: (request: Request) => Promise<Response>): () => void {
  const original = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const request = new Request(input as Request, init);
    const { hostname } = new URL(request.url);
    return hostname === "127.0.0.1" || hostname === "localhost" ? original(request) : answer(request);
  };
  return () => {
    globalThis.fetch = original;
  };
}
