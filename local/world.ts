import { randomBytes } from "node:crypto";
import type { KVNamespace } from "@cloudflare/workers-types";
import { createTestHarness } from "wrangler";
import { now } from "./clock.ts";
import { createGithubIssuer, type GithubIssuer } from "./github.ts";
import { createGitlabIssuer, type GitlabIssuer } from "./gitlab.ts";
import { serve } from "./serve.ts";
import { type TrustDocument, trustDocument } from "./trust-document.ts";

/** The whole product on loopback: the real Worker in workerd, and two CI providers. */
export interface World {
  /** The exchange's issuer and address. */
  readonly exchange: string;
  readonly github: GithubIssuer;
  readonly gitlab: GitlabIssuer;
  /** Puts the edited trust document in force, as `svid-exchange apply` does. */
  editTrust(edit: (document: TrustDocument) => TrustDocument): Promise<void>;
  close(): Promise<void>;
}

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
      return (request) => issuer.handle(request, now());
    }),
    serve(async (origin) => {
      const issuer = await createGitlabIssuer(origin);
      gitlab = issuer;
      return (request) => issuer.handle(request);
    }),
  ]);
  if (github === undefined || gitlab === undefined) throw new Error("the local issuers did not start");
  const worker = await startWorker({ github: github.issuer, gitlab: gitlab.issuer });
  return {
    exchange: worker.url,
    github,
    gitlab,
    editTrust: worker.editTrust,
    close: async () => {
      await worker.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

async function startWorker(addresses: Readonly<Record<string, string>>) {
  const secrets = { KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64") };
  const server = createTestHarness({ workers: [{ configPath: "wrangler.toml", secrets }] });
  const { url } = await server.listen();
  const { KV } = await server.getWorker<{ KV: KVNamespace }>().getEnv();
  const document = movedTo(url.origin, addresses);
  const editTrust = (edit: (document: TrustDocument) => TrustDocument): Promise<void> =>
    KV.put("trust", JSON.stringify(edit(document)));
  await editTrust((unchanged) => unchanged);
  return { url: url.origin, editTrust, close: () => server.close() };
}

/** The issuers are where the local ones listen. */
function movedTo(issuer: string, addresses: Readonly<Record<string, string>>): TrustDocument {
  const document = trustDocument();
  const allowedIssuers = document.allowedIssuers.map((allowed) => ({
    ...allowed,
    issuer: addresses[allowed.id] ?? allowed["issuer"],
  }));
  return { ...document, issuer, allowedIssuers };
}
