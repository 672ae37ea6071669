import { randomBytes } from "node:crypto";
import type { KVNamespace } from "@cloudflare/workers-types";
import { createTestHarness } from "wrangler";
import { APPLICATION, applicationEntry, serveApplication } from "./application.ts";
import { now } from "./clock.ts";
import { createGithubIssuer, type GithubIssuer } from "./github.ts";
import { createGitlabIssuer, type GitlabIssuer } from "./gitlab.ts";
import { serve } from "./serve.ts";
import { type TrustDocument, trustDocument } from "./trust-document.ts";

/** The whole product on loopback: the real Worker in workerd, two CI providers, and an application behind the gateway. */
export interface World {
  /** The exchange's issuer and address. */
  readonly exchange: string;
  readonly github: GithubIssuer;
  readonly gitlab: GitlabIssuer;
  readonly application: {
    /** What a caller names as `Host`. */
    readonly host: string;
    /** What the caller's SVID must be for. */
    readonly audience: string;
    /** Its own address, past the gateway. */
    readonly origin: string;
  };
  /** Puts the edited trust document in force, as `svid-exchange apply` does. */
  editTrust(edit: (document: TrustDocument) => TrustDocument): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts everything with fresh storage. The trust document is the repository's own `trust.yaml`; only the addresses of
 * the issuers are replaced by those of the local ones, and an application is added.
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
  let exchange = "";
  const application = await serveApplication(() => exchange);
  const worker = await startWorker({ github: github.issuer, gitlab: gitlab.issuer }, application.origin);
  exchange = worker.url;
  const { host } = worker;
  return {
    exchange,
    github,
    gitlab,
    application: { host, audience: `https://${host}`, origin: application.origin },
    editTrust: worker.editTrust,
    close: async () => {
      await worker.close();
      await Promise.all([...servers, application].map((server) => server.close()));
    },
  };
}

async function startWorker(addresses: Readonly<Record<string, string>>, origin: string) {
  const secrets = { KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64") };
  const server = createTestHarness({ workers: [{ configPath: "wrangler.toml", secrets }] });
  const { url } = await server.listen();
  const { KV } = await server.getWorker<{ KV: KVNamespace }>().getEnv();
  const host = `${APPLICATION}.localhost:${url.port}`;
  const document = withApplication(movedTo(url.origin, addresses), host, origin);
  const editTrust = (edit: (document: TrustDocument) => TrustDocument): Promise<void> =>
    KV.put("trust", JSON.stringify(edit(document)));
  await editTrust((unchanged) => unchanged);
  return { url: url.origin, host, editTrust, close: () => server.close() };
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

/** Every policy gives SVIDs for the application too, and the application's own rules say whom it lets in. */
function withApplication(document: TrustDocument, host: string, origin: string): TrustDocument {
  const policies = document.policies.map((policy) => ({
    ...policy,
    audiences: [...(policy["audiences"] as readonly unknown[]), `https://${host}`],
  }));
  return { ...document, policies, applications: [applicationEntry(host, origin)] };
}
