import { err, type Result } from "../result.ts";
import { type HttpRequest, type HttpResponse, parseJson, readText } from "./fetch.ts";
import type { ResponseFailure } from "./response.ts";
import { type FailedAttempt, nextAttempt } from "./retry.ts";

/** One request to `POST /token` (RFC 8693 §2): what is sent, and what the response means. */

/** The token endpoint redirects. */
export interface Redirected {
  readonly code: "redirected";
  readonly status: number;
  /** Without its query, so that it may be shown. */
  readonly location?: string;
}

/** A response holds one JWT, or the few checks of a refusal; 64 KiB is many times either. */
const MAX_RESPONSE_BYTES = 64 * 1024;

/** The request, as RFC 8693 §2.1 writes it. */
export function tokenRequest(form: URLSearchParams, signal: AbortSignal): HttpRequest {
  return {
    method: "POST",
    headers: {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: form.toString(),
    redirect: "manual",
    signal,
  };
}

/**
 * Judges one response; throws what reading its body throws.
 *
 * @param parse reads the success that was asked for.
 */
export async function processTokenResponse<T>(
  response: HttpResponse,
  parse: (status: number, body: unknown) => Result<T, ResponseFailure>,
  nowMs: number,
): Promise<Result<T, FailedAttempt<ResponseFailure | Redirected>>> {
  const text = await readText(response, MAX_RESPONSE_BYTES);
  if (response.status >= 300 && response.status < 400) return err(redirected(response));
  const parsed = parse(response.status, parseJson(text));
  if (parsed.ok) return parsed;
  return err({ failure: parsed.error, ...nextAttempt(response, nowMs) });
}

function redirected(response: HttpResponse): FailedAttempt<Redirected> {
  const location = response.headers.get("location") ?? "";
  const url = URL.canParse(location) ? new URL(location) : undefined;
  return {
    retryable: false,
    failure: {
      code: "redirected",
      status: response.status,
      ...(url === undefined ? {} : { location: `${url.origin}${url.pathname}` }),
    },
  };
}
