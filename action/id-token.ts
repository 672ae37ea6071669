import type { SubjectTokenSource } from "../shared/client/exchange.ts";
import {
  type Fetch,
  type HttpRequest,
  type HttpResponse,
  parseJson,
  readText,
} from "../shared/client/fetch.ts";
import { mayRecover, type NetworkError, networkError } from "../shared/client/network.ts";
import { type FailedAttempt, nextAttempt } from "../shared/client/retry.ts";
import { isJsonObject, type JsonObject } from "../shared/json.ts";
import { err, ok, type Result } from "../shared/result.ts";
import { ownClaims } from "./job.ts";

/**
 * The runner's own token service: `GET $ACTIONS_ID_TOKEN_REQUEST_URL&audience=…` with the runner's bearer token, answered
 * with `{"value": "<ID token>"}`. GitHub, GitHub Enterprise Server and Forgejo speak it alike.
 */
export interface IdTokenService {
  readonly url: string;
  readonly bearer: string;
}

/** Why one request gave no ID token. */
export type IdTokenFailure =
  /** The runner offers this job no token service. */
  | { readonly code: "id_token_not_offered" }
  | { readonly code: "id_token_refused"; readonly status: number }
  | ({ readonly code: "id_token_unreachable" } & NetworkError)
  /** It answered 200 with something else. */
  | { readonly code: "id_token_malformed" };

export interface IdTokenPorts {
  readonly fetch: Fetch;
  readonly nowMs: () => number;
  readonly userAgent: string;
}

/** An ID token is a few KiB. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** @returns the token service that the runner offers this job, if it does. */
export function idTokenService(env: NodeJS.ProcessEnv): IdTokenService | undefined {
  const url = env["ACTIONS_ID_TOKEN_REQUEST_URL"] ?? "";
  const bearer = env["ACTIONS_ID_TOKEN_REQUEST_TOKEN"] ?? "";
  return URL.canParse(url) && bearer !== "" ? { url, bearer } : undefined;
}

/** Asks once for a fresh ID token. */
export async function requestIdToken(
  service: IdTokenService,
  audience: string,
  { fetch, nowMs, userAgent }: IdTokenPorts,
  signal: AbortSignal,
): Promise<Result<string, FailedAttempt<IdTokenFailure>>> {
  try {
    return await processAnswer(
      await fetch(idTokenUrl(service, audience), idTokenAsk(service, userAgent, signal)),
      nowMs(),
    );
  } catch (thrown) {
    const error = networkError(thrown, signal);
    return err({ retryable: mayRecover(error.cause), failure: { code: "id_token_unreachable", ...error } });
  }
}

/** GitHub's URL already has a query string, Forgejo's need not have one. */
export function idTokenUrl(service: IdTokenService, audience: string): string {
  const url = new URL(service.url);
  url.searchParams.set("audience", audience);
  return url.href;
}

function idTokenAsk(service: IdTokenService, userAgent: string, signal: AbortSignal): HttpRequest {
  return {
    method: "GET",
    headers: {
      accept: "application/json",
      authorization: `Bearer ${service.bearer}`,
      "user-agent": userAgent,
    },
    redirect: "manual",
    signal,
  };
}

async function processAnswer(
  answer: HttpResponse,
  nowMs: number,
): Promise<Result<string, FailedAttempt<IdTokenFailure>>> {
  const body = parseJson(await readText(answer, MAX_ANSWER_BYTES));
  const value = isJsonObject(body) ? body["value"] : undefined;
  if (answer.status === 200 && typeof value === "string" && value !== "") return ok(value);
  if (answer.status === 200) return err({ retryable: false, failure: { code: "id_token_malformed" } });
  return err({ failure: { code: "id_token_refused", status: answer.status }, ...nextAttempt(answer, nowMs) });
}

/** The ID tokens of this job, one for each attempt. */
export interface IdTokens {
  readonly next: SubjectTokenSource<IdTokenFailure>;
  /** What the last one says of the job, unverified, for display. */
  readonly lastClaims: () => JsonObject | undefined;
}

/** Each token is masked before anything else is done with it. */
export function idTokensOf(
  service: IdTokenService | undefined,
  audience: string,
  ports: IdTokenPorts & { readonly mask: (secret: string) => void },
): IdTokens {
  let claims: JsonObject | undefined;
  const next: IdTokens["next"] = async (signal) => {
    if (service === undefined) return err({ retryable: false, failure: { code: "id_token_not_offered" } });
    const token = await requestIdToken(service, audience, ports, signal);
    if (!token.ok) return token;
    ports.mask(token.value);
    claims = ownClaims(token.value);
    return token;
  };
  return { next, lastClaims: () => claims };
}
