import { now } from "../../local/clock.ts";
import { createGithubIssuer, type GithubIssuer } from "../../local/github.ts";
import { createGitlabIssuer, type GitlabIssuer } from "../../local/gitlab.ts";
import { OUR_ISSUER, type TrustDocument, trustDocument } from "../../local/trust-document.ts";
import { exchangeForm } from "../../shared/wire.ts";
import { startWorkerd, type WorkerdOptions } from "./workerd.ts";

/** Answers one outbound request of the Worker, or `undefined` to let GitHub or GitLab answer. */
export type Outbound = (request: Request) => Promise<Response | undefined> | Response | undefined;

export interface ExchangeOptions extends Pick<WorkerdOptions, "secrets" | "limits" | "rates"> {
  /** Edits the repository's own `trust.yaml` before it is put in KV; `null` starts without a document. */
  readonly trust?: ((document: TrustDocument) => TrustDocument) | null;
  /** Another entry than the deployed one, for example one on virtual time. */
  readonly main?: string;
}

export type Exchange = Awaited<ReturnType<typeof startExchange>>;

export const KEY_ENCRYPTION_KEY = Buffer.alloc(32, 7).toString("base64");

/**
 * Starts the real Worker in workerd with the bindings of `wrangler.toml`. Its outbound requests are answered here:
 * those to `https://token.actions.githubusercontent.com` and `https://gitlab.com` by local issuers, others by nobody.
 */
export async function startExchange(options: ExchangeOptions = {}) {
  const { main = "worker/main.ts", trust = (document) => document } = options;
  const github = await createGithubIssuer("https://token.actions.githubusercontent.com");
  const gitlab = await createGitlabIssuer("https://gitlab.com");
  const requests: string[] = [];
  let outbound: Outbound = () => undefined;
  const workerd = await startWorkerd({
    ...options,
    main,
    bindings: "deployed",
    secrets: { KEY_ENCRYPTION_KEY, ...options.secrets },
    outbound: async (request) => {
      requests.push(request.url);
      return (await outbound(request)) ?? answerAsIssuer(github, gitlab, request);
    },
  });

  const putTrust = async (document: TrustDocument) =>
    (await workerd.kv()).put("trust", JSON.stringify(document));
  const seed = async () => {
    if (trust !== null) await putTrust(trust(trustDocument()));
  };
  await seed();

  const exchange = {
    ...workerd,
    github,
    gitlab,
    /** The addresses that the Worker asked for, in order. */
    requests,
    putTrust,
    fetch: (path: string, init?: RequestInit): Promise<Response> =>
      workerd.fetch(`${OUR_ISSUER}${path}`, init),
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
    /** Is asked before the two issuers from now on. */
    setOutbound: (next: Outbound) => {
      outbound = next;
    },
    /** A fresh workerd with empty storage and memory, seeded again. */
    reset: async () => {
      await workerd.reset();
      requests.length = 0;
      await seed();
    },
  };
  return exchange;
}

async function answerAsIssuer(
  github: GithubIssuer,
  gitlab: GitlabIssuer,
  request: Request,
): Promise<Response> {
  if (request.url.startsWith(github.issuer)) return github.handle(request, now());
  if (request.url.startsWith(gitlab.issuer)) return gitlab.handle(request);
  throw new TypeError(`no route to ${request.url}`);
}
