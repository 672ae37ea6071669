import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TrustDocument } from "../../local/trust-document.ts";
import { createGateway } from "./gateway.ts";
import { createIssuer, type Issuer } from "./issuer.ts";

const AZURE_AUDIENCE = "api://AzureADTokenExchange";
const AZURE_BEARER = "azure-access-token";

/** What a policy pins of each CI system's tokens. */
const PINS = {
  circleci: { 'jwt.claim["oidc.circleci.com/project-id"]': "p1" },
  buildkite: { "jwt.claim.organization_id": "o1", "jwt.claim.pipeline_id": "l1" },
  azure: { "jwt.claim.prj_id": "j1" },
};

type Name = keyof typeof PINS;

/** CircleCI, Buildkite and Azure DevOps, as a job sees them: programs on the PATH, and a token service on loopback. */
export async function createCiSystems() {
  const issuers: Readonly<Record<Name, Issuer>> = {
    circleci: await createIssuer("https://oidc.circleci.com/org/6a1e0f7c", {
      sub: "org/6a1e0f7c/project/p1/user/u1",
      "oidc.circleci.com/project-id": "p1",
    }),
    buildkite: await createIssuer("https://agent.buildkite.com", {
      sub: "organization:brightfen:pipeline:deploy:ref:refs/heads/main:commit:9f31820:step:ship",
      organization_id: "o1",
      pipeline_id: "l1",
    }),
    azure: await createIssuer("https://vstoken.dev.azure.com/6f4762ed", {
      sub: "p://brightfen/ops/deploy",
      prj_id: "j1",
    }),
  };
  return {
    issuers,
    /** Lets a job of each of them deploy. */
    allowIn: (document: TrustDocument, audience: string) => allowIn(document, issuers, audience),
    /** Puts their programs in a folder, and serves what those and Azure's jobs ask for. */
    open: (folder: string) => open(issuers, folder),
  };
}

async function open({ circleci, buildkite, azure }: Readonly<Record<Name, Issuer>>, folder: string) {
  const services = await createGateway(async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const words = searchParams.get("args")?.split(" ") ?? [];
    if (pathname === "/circleci")
      return new Response(await circleci.token(JSON.parse(words.slice(4).join(" ")).aud));
    if (pathname === "/buildkite-agent") return new Response(await buildkite.token(words[3] ?? ""));
    if (pathname === "/azure") return answerAsAzure(request, azure);
    return new Response("Not Found", { status: 404 });
  });
  for (const name of ["circleci", "buildkite-agent"]) installProgram(folder, name, services.url);
  const path = `${folder}:${process.env["PATH"]}`;
  return {
    /** The variables of a job of each CI system. */
    jobs: {
      circleci: { CIRCLECI: "true", PATH: path },
      buildkite: { BUILDKITE: "true", PATH: path },
      azure: {
        TF_BUILD: "True",
        SYSTEM_OIDCREQUESTURI: `${services.url}/azure`,
        SYSTEM_ACCESSTOKEN: AZURE_BEARER,
      },
    },
    close: services.close,
  };
}

async function answerAsAzure(request: Request, azure: Issuer): Promise<Response> {
  const { searchParams } = new URL(request.url);
  const allowed = request.headers.get("authorization") === `Bearer ${AZURE_BEARER}`;
  if (!allowed || request.method !== "POST" || searchParams.get("api-version") !== "7.1") {
    return new Response("no", { status: 401 });
  }
  return Response.json({ oidcToken: await azure.token(AZURE_AUDIENCE) });
}

/** A program that answers with what `url` gives for its arguments. */
function installProgram(folder: string, name: string, url: string): void {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\nexec curl -fsS -G --data-urlencode "args=$*" "${url}/${name}"\n`);
  chmodSync(path, 0o755);
}

function allowIn(
  document: TrustDocument,
  issuers: Readonly<Record<Name, Issuer>>,
  audience: string,
): TrustDocument {
  const names = Object.keys(issuers) as Name[];
  const allowed = names.map((id) => ({
    id,
    type: "jwt",
    issuer: issuers[id].issuer,
    jwks: issuers[id].jwks,
    ...(id === "azure" ? { audience: AZURE_AUDIENCE } : {}),
  }));
  const policies = names.map((id) => ({
    name: `${id}-deploy`,
    issuer: id,
    match: PINS[id],
    spiffeId: `spiffe://{{ trustDomain }}/${id}/deploy`,
    audiences: [audience],
  }));
  return {
    ...document,
    allowedIssuers: [...document.allowedIssuers, ...allowed],
    policies: [...document.policies, ...policies],
  };
}
