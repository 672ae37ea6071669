import type { Ports } from "../ports.ts";
import { type Env, type TokenOrigin, variable } from "./origin.ts";
import { requestToken } from "./request.ts";

/**
 * Azure DevOps: `POST $SYSTEM_OIDCREQUESTURI?api-version=7.1` with the job's access token. The audience of its tokens
 * is always `api://AzureADTokenExchange`: the exchange's `allowedIssuers` entry must say so.
 */
export function azureOrigin(env: Env, ports: Pick<Ports, "fetch" | "userAgent">): TokenOrigin | undefined {
  const address = variable(env, "SYSTEM_OIDCREQUESTURI");
  const bearer = variable(env, "SYSTEM_ACCESSTOKEN");
  if (address === undefined || bearer === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  url.searchParams.set("api-version", "7.1");
  const request = {
    service: `The token service of Azure DevOps (${url.host})`,
    url: url.href,
    method: "POST",
    bearer,
    member: "oidcToken",
    refusedNext: "Check that the step maps `SYSTEM_ACCESSTOKEN: $(System.AccessToken)` in its env.",
  } as const;
  return {
    name: "Azure DevOps' token service",
    renewable: true,
    get: (signal) => requestToken(request, ports, signal),
  };
}
