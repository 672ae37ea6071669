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
  const { status } = denialRow(denial.code);
  const retry =
    denial.retryAfter === undefined ? {} : { "retry-after": String(Math.ceil(denial.retryAfter)) };
  const challenge = status === 401 ? { "www-authenticate": "Bearer" } : {};
  return json(errorBody(denial, requestId), status, {
    "x-request-id": requestId,
    ...retry,
    ...challenge,
    ...headers,
  });
}

function json(body: unknown, status: number, headers: Record<string, string>): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...NEVER_STORED, ...headers } });
}
