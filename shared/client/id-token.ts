import { isJsonObject } from "../json.ts";
import { err, ok, type Result } from "../result.ts";
import { type Environment, variable } from "./environment.ts";
import { type HttpPorts, type HttpRequest, type HttpResponse, parseJson, readText } from "./fetch.ts";
import { mayRecover, type NetworkError, networkError } from "./network.ts";
import { type FailedAttempt, nextAttempt } from "./retry.ts";

/** How a CI provider gives ID tokens over HTTP: a job sends the bearer token of its environment to an URL of its environment. */
export interface IdTokenProtocol {
  readonly urlVariable: string;
  readonly bearerVariable: string;
  readonly method: "GET" | "POST";
  /** What is added to the query of the URL, which may have other parameters already. */
  readonly query: (audience: string) => Readonly<Record<string, string>>;
  /** The member of the JSON response that holds the ID token. */
  readonly member: string;
}

export const ID_TOKEN_PROTOCOLS = {
  /** GitHub, GitHub Enterprise Server and Forgejo: ID tokens of any audience, as many as the job asks for. */
  github: {
    urlVariable: "ACTIONS_ID_TOKEN_REQUEST_URL",
    bearerVariable: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    method: "GET",
    query: (audience) => ({ audience }),
    member: "value",
  },
  /** Azure DevOps: the audience is always `api://AzureADTokenExchange`. */
  azure: {
    urlVariable: "SYSTEM_OIDCREQUESTURI",
    bearerVariable: "SYSTEM_ACCESSTOKEN",
    method: "POST",
    query: () => ({ "api-version": "7.1" }),
    member: "oidcToken",
  },
} as const satisfies Readonly<Record<string, IdTokenProtocol>>;

/** The token service that the environment of a job names. */
export interface IdTokenService {
  readonly protocol: IdTokenProtocol;
  readonly url: string;
  readonly bearer: string;
}

/** Why one request gave no ID token. */
export type IdTokenFailure =
  | { readonly code: "id_token_refused"; readonly status: number }
  | ({ readonly code: "id_token_unreachable" } & NetworkError)
  /** The response with status 200 holds no ID token. */
  | { readonly code: "id_token_malformed" };

/** An ID token is a few KiB. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** @returns `undefined` where the environment names no token service, or gives no permission to ask it. */
export function idTokenService(protocol: IdTokenProtocol, env: Environment): IdTokenService | undefined {
  const url = variable(env, protocol.urlVariable);
  const bearer = variable(env, protocol.bearerVariable);
  if (url === undefined || bearer === undefined || !URL.canParse(url)) return undefined;
  return { protocol, url, bearer };
}

/** Asks once for a fresh ID token. */
export async function requestIdToken(
  service: IdTokenService,
  audience: string,
  ports: Pick<HttpPorts, "fetch"> & { readonly nowMs: () => number },
  signal: AbortSignal,
): Promise<Result<string, FailedAttempt<IdTokenFailure>>> {
  try {
    const request = idTokenRequest(service, signal);
    const response = await ports.fetch(idTokenUrl(service, audience), request);
    return await processIdTokenResponse(response, service.protocol, ports.nowMs());
  } catch (thrown) {
    const error = networkError(thrown, signal);
    return err({ retryable: mayRecover(error.cause), failure: { code: "id_token_unreachable", ...error } });
  }
}

function idTokenUrl({ protocol, url }: IdTokenService, audience: string): string {
  const target = new URL(url);
  for (const [name, value] of Object.entries(protocol.query(audience))) target.searchParams.set(name, value);
  return target.href;
}

function idTokenRequest({ protocol, bearer }: IdTokenService, signal: AbortSignal): HttpRequest {
  const headers = { accept: "application/json", authorization: `Bearer ${bearer}` };
  const common = { redirect: "manual", signal } as const;
  if (protocol.method === "GET") return { method: "GET", headers, ...common };
  return { method: "POST", headers: { ...headers, "content-type": "application/json" }, body: "", ...common };
}

async function processIdTokenResponse(
  response: HttpResponse,
  { member }: IdTokenProtocol,
  nowMs: number,
): Promise<Result<string, FailedAttempt<IdTokenFailure>>> {
  const body = parseJson(await readText(response, MAX_RESPONSE_BYTES));
  if (response.status !== 200) {
    const failure = { code: "id_token_refused", status: response.status } as const;
    return err({ failure, ...nextAttempt(response, nowMs) });
  }
  const token = isJsonObject(body) ? body[member] : undefined;
  if (typeof token === "string" && token !== "") return ok(token);
  return err({ retryable: false, failure: { code: "id_token_malformed" } });
}
