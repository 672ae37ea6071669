import { join } from "node:path";
import { createGenericIssuer, type GenericIssuer, installProgram, serve } from "./ci-systems.ts";
import { buildOnce } from "./cli.ts";
import { type Document, now, startExchange, trustDocument } from "./exchange.ts";

export const AUDIENCE = "https://vault.example.org";
const AZURE_AUDIENCE = "api://AzureADTokenExchange";
const AZURE_BEARER = "azure-access-token";

export type World = Awaited<ReturnType<typeof startWorld>>;

export interface WorldOptions {
  /** Another entry of the Worker. */
  readonly main?: string;
  /** The time at which CI systems mint their tokens, in Unix seconds. */
  readonly clock?: () => number;
  /** Changes the trust document before it is put in force. */
  readonly trust?: (document: Document) => Document;
}

/**
 * The built CLI, the real Worker on loopback, and around them the CI systems of the world. The exchange's issuer is its
 * loopback address, so that its published documents can be read where they say they are.
 */
export async function startWorld(options: WorldOptions = {}) {
  const clock = options.clock ?? now;
  const [circleci, buildkite, azure] = await Promise.all([
    createGenericIssuer("https://oidc.circleci.com/org/6a1e0f7c", {
      sub: "org/6a1e0f7c/project/p1/user/u1",
      "oidc.circleci.com/project-id": "p1",
    }),
    createGenericIssuer("https://agent.buildkite.com", {
      sub: "organization:brightfen:pipeline:deploy:ref:refs/heads/main:commit:9f31820:step:ship",
      organization_id: "o1",
      pipeline_id: "l1",
    }),
    createGenericIssuer("https://vstoken.dev.azure.com/6f4762ed", {
      sub: "p://brightfen/ops/deploy",
      prj_id: "j1",
    }),
  ]);
  const exchange = await startExchange({
    trust: null,
    ...(options.main === undefined ? {} : { main: options.main }),
  });
  const url = exchange.url.origin;
  await exchange.putTrust((options.trust ?? ((same) => same))(document(url, { circleci, buildkite, azure })));
  const cli = await buildOnce();
  const services = await serve(async (request) => {
    const { pathname, search, searchParams } = new URL(request.url);
    const words = searchParams.get("args")?.split(" ") ?? [];
    if (pathname === "/circleci")
      return new Response(await circleci.token(JSON.parse(words.slice(4).join(" ")).aud));
    if (pathname === "/buildkite-agent") return new Response(await buildkite.token(words[3] ?? ""));
    if (pathname === "/azure") return azureAnswer(request, azure);
    const headers = { authorization: request.headers.get("authorization") ?? "" };
    return exchange.github.handle(
      new Request(`${exchange.github.issuer}${pathname}${search}`, { headers }),
      clock(),
    );
  });
  const programs = join(cli.folder, "bin");
  for (const name of ["circleci", "buildkite-agent"]) installProgram(programs, name, services.url);
  const path = `${programs}:${process.env["PATH"]}`;
  const requestUrl = exchange.github.requestUrl.replace(exchange.github.issuer, services.url);

  return {
    url,
    exchange,
    cli,
    services,
    issuers: { circleci, buildkite, azure },
    /** The variables of a job of each CI system. */
    job: {
      github: {
        GITHUB_ACTIONS: "true",
        ACTIONS_ID_TOKEN_REQUEST_URL: requestUrl,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN: exchange.github.requestToken,
      },
      circleci: { CIRCLECI: "true", PATH: path },
      buildkite: { BUILDKITE: "true", PATH: path },
      azure: {
        TF_BUILD: "True",
        SYSTEM_OIDCREQUESTURI: `${services.url}/azure`,
        SYSTEM_ACCESSTOKEN: AZURE_BEARER,
      },
    },
    gitlabToken: (overrides: Record<string, unknown> = {}): Promise<string> =>
      exchange.gitlab.token(url, clock(), overrides),
    close: async () => {
      await services.close();
      await exchange.close();
      cli.remove();
    },
  };
}

async function azureAnswer(request: Request, azure: GenericIssuer): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const allowed = request.headers.get("authorization") === `Bearer ${AZURE_BEARER}`;
  if (!allowed || request.method !== "POST" || searchParams.get("api-version") !== "7.1") {
    return new Response("no", { status: 401 });
  }
  return Response.json({ oidcToken: await azure.token(AZURE_AUDIENCE) });
}

function document(url: string, others: Readonly<Record<string, GenericIssuer>>): Document {
  const base = trustDocument();
  const entries = Object.entries(others);
  const pins: Readonly<Record<string, object>> = {
    circleci: { 'jwt.claim["oidc.circleci.com/project-id"]': "p1" },
    buildkite: { "jwt.claim.organization_id": "o1", "jwt.claim.pipeline_id": "l1" },
    azure: { "jwt.claim.prj_id": "j1" },
  };
  return {
    ...base,
    issuer: url,
    tests: undefined,
    allowedIssuers: [
      ...base.allowedIssuers,
      ...entries.map(([id, { issuer, jwks }]) => ({
        id,
        type: "jwt",
        issuer,
        jwks,
        ...(id === "azure" ? { audience: AZURE_AUDIENCE } : {}),
      })),
    ],
    policies: [
      ...base.policies,
      ...entries.map(([id]) => ({
        name: `${id}-deploy`,
        issuer: id,
        match: pins[id],
        spiffeId: `spiffe://{{ trustDomain }}/${id}/deploy`,
        audiences: [AUDIENCE],
      })),
    ],
  };
}
