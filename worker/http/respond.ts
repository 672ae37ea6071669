import { type Denial, denialRow } from "../../shared/denial.ts";
import { errorBody, type Minted, type Plan, successBody } from "../../shared/wire.ts";

/** RFC 6749 §5.1: nothing of an exchange may be cached. */
const NEVER_STORED = {
  "cache-control": "no-store",
  pragma: "no-cache",
  "content-type": "application/json; charset=utf-8",
  "x-content-type-options": "nosniff",
};

export function respondSuccess(success: Minted | Plan, requestId: string): Response {
  return json(successBody(success), 200, { "x-request-id": requestId });
}

/** Maps a denial to the wire (RFC 6749 §5.2, RFC 8693 §2.2.2). */
export function respondDenial(
  denial: Denial,
  requestId: string,
  headers: Record<string, string> = {},
): Response {
  const { status, error } = denialRow(denial.code);
  const retry =
    denial.retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(denial.retryAfter)) };
  const challenge = challengeOf(status, error);
  return json(errorBody(denial, requestId), status, {
    "x-request-id": requestId,
    ...retry,
    ...(challenge === undefined ? {} : { "www-authenticate": challenge }),
    ...headers,
  });
}

/** RFC 6750 §3.1: the error code is that of a token that was sent; a request without one is told none. */
function challengeOf(status: number, error: string): string | undefined {
  if (error === "invalid_token" || error === "insufficient_scope") return `Bearer error="${error}"`;
  return status === 401 ? "Bearer" : undefined;
}

function json(body: unknown, status: number, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...NEVER_STORED, ...headers } });
}
