import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import type { KVNamespace } from "@cloudflare/workers-types";
import { createTestHarness } from "wrangler";
import { parse } from "yaml";
import { createGithubIssuer, type GithubIssuer } from "./github.ts";
import { createGitlabIssuer, type GitlabIssuer } from "./gitlab.ts";
import { serve } from "./serve.ts";

/** The whole product on loopback: the real Worker in workerd, and two CI providers. */
export interface World {
  /** The exchange's issuer and address. */
  readonly exchange: string;
  readonly github: GithubIssuer;
  readonly gitlab: GitlabIssuer;
  close(): Promise<void>;
}

/** Unix seconds. */
export const clock = (): number => Math.floor(Date.now() / 1000);

/**
 * Starts everything with fresh storage. The trust document is the repository's own `trust.yaml`; only the addresses of
 * the issuers are replaced by those of the local ones.
 */
export async function startWorld(): Promise<World> {
  let github: GithubIssuer | undefined;
  let gitlab: GitlabIssuer | undefined;
  const servers = await Promise.all([
    serve(async (origin) => {
      const issuer = await createGithubIssuer(origin);
      github = issuer;
      return (request) => issuer.handle(request, clock());
    }),
    serve(async (origin) => {
      const issuer = await createGitlabIssuer(origin);
      gitlab = issuer;
      return (request) => issuer.handle(request);
    }),
  ]);
  if (github === undefined || gitlab === undefined) throw new Error("the local issuers did not start");
  const worker = await startWorker(github.issuer, gitlab.issuer);
  return {
    exchange: worker.url,
    github,
    gitlab,
    close: async () => {
      await worker.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function startWorker(githubIssuer: string, gitlabIssuer: string) {
  const secrets = { KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64") };
  const server = createTestHarness({ workers: [{ configPath: "wrangler.toml", secrets }] });
  const { url } = await server.listen();
  const { KV } = await server.getWorker<{ KV: KVNamespace }>().getEnv();
  await KV.put("trust", JSON.stringify(trustDocument(url.origin, githubIssuer, gitlabIssuer)));
  return { url: url.origin, close: () => server.close() };
}

function trustDocument(issuer: string, githubIssuer: string, gitlabIssuer: string): unknown {
  const document = parse(readFileSync("trust.yaml", "utf8"));
  const addresses: Record<string, string> = { github: githubIssuer, gitlab: gitlabIssuer };
  return {
    ...document,
    issuer,
    allowedIssuers: document.allowedIssuers.map((allowed: { id: string; issuer: string }) => ({
      ...allowed,
      issuer: addresses[allowed.id] ?? allowed.issuer,
    })),
  };
}
