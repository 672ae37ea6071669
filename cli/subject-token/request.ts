import { type HttpRequest, type HttpResponse, parseJson, readText } from "../../shared/client/fetch.ts";
import { mayRecover, networkError } from "../../shared/client/network.ts";
import type { FailedAttempt } from "../../shared/client/retry.ts";
import { isJsonObject } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, failed } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { final, passing } from "./origin.ts";

/** One way to ask a CI system's token service over HTTP. */
export interface TokenRequest {
  /** As it stands in a sentence. */
  readonly service: string;
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly bearer: string;
  /** The member of the JSON answer that holds the token. */
  readonly member: string;
  /** What to check where the service refuses. */
  readonly refusedNext: string;
}

/** A token and little around it. */
const MAX_ANSWER_BYTES = 64 * 1024;

export async function requestToken(
  request: TokenRequest,
  ports: Pick<Ports, "fetch" | "userAgent">,
  signal: AbortSignal,
): Promise<Result<string, FailedAttempt<Failure>>> {
  try {
    const answer = await ports.fetch(request.url, httpRequest(request, ports.userAgent, signal));
    const text = await readText(answer, MAX_ANSWER_BYTES);
    return answer.status === 200 ? tokenIn(request, text) : refusal(request, answer);
  } catch (thrown) {
    const error = networkError(thrown);
    const failure = failed(
      "id_token_unavailable",
      `${request.service} could not be reached (${error.errno ?? error.cause}).`,
      "Run the job again; if it stays, look at the CI provider's status page and the runner's network.",
    );
    return mayRecover(error.cause) ? passing(failure) : final(failure);
  }
}

function httpRequest({ method, bearer }: TokenRequest, userAgent: string, signal: AbortSignal): HttpRequest {
  const headers = { accept: "application/json", authorization: `Bearer ${bearer}`, "user-agent": userAgent };
  return method === "GET"
    ? { method, headers, redirect: "manual", signal }
    : {
        method,
        headers: { ...headers, "content-type": "application/json" },
        body: "",
        redirect: "manual",
        signal,
      };
}

function tokenIn(request: TokenRequest, text: string | undefined): Result<string, FailedAttempt<Failure>> {
  const body = parseJson(text);
  const token = isJsonObject(body) ? body[request.member] : undefined;
  if (typeof token === "string" && token !== "") return ok(token);
  return final(
    failed(
      "id_token_unavailable",
      `${request.service} answered without a token (no "${request.member}" in its answer).`,
      request.refusedNext,
    ),
  );
}

function refusal(request: TokenRequest, { status }: HttpResponse): Result<never, FailedAttempt<Failure>> {
  const failure = failed(
    "id_token_unavailable",
    `${request.service} answered with status ${status} and no token.`,
    request.refusedNext,
  );
  return status === 429 || status >= 500 ? passing(failure) : final(failure);
}
