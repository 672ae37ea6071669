import type { Ports } from "../ports.ts";
import { type Env, type TokenOrigin, variable } from "./origin.ts";
import { requestToken } from "./request.ts";

/**
 * GitHub Actions, and Forgejo, which took over its protocol: a job with `id-token: write` holds an address and a
 * bearer token with which it may ask for ID tokens of any audience, as often as it likes.
 */
export function githubOrigin(
  env: Env,
  audience: string,
  ports: Pick<Ports, "fetch" | "userAgent">,
): TokenOrigin | undefined {
  const address = variable(env, "ACTIONS_ID_TOKEN_REQUEST_URL");
  const bearer = variable(env, "ACTIONS_ID_TOKEN_REQUEST_TOKEN");
  if (address === undefined || bearer === undefined || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  url.searchParams.set("audience", audience);
  const request = {
    service: `The token service of this job (${url.host})`,
    url: url.href,
    method: "GET",
    bearer,
    member: "value",
    refusedNext: "Check that the job has `permissions: id-token: write`, and run it again.",
  } as const;
  return {
    name: "GitHub's token service",
    renewable: true,
    get: (signal) => requestToken(request, ports, signal),
  };
}
