import { describeUnread } from "../client/describe-unread.ts";
import { type AttemptFailure, rootFailure } from "../client/exchange.ts";
import type { SvidFailure } from "../client/get-svid.ts";
import { networkAdvice } from "../client/network-advice.ts";
import { type Status, status } from "../grpc/status.ts";
import type { ExchangeRefusal } from "../wire.ts";

/**
 * What a program is told of a failed exchange. A refusal is `PERMISSION_DENIED`, with the words of the exchange: nothing
 * changes by asking again soon. What may pass, and what is no answer of an exchange, is `UNAVAILABLE`.
 *
 * @param explainNoToken says in a sentence why there was no ID token.
 */
export function exchangeStatus<F>(failure: SvidFailure<F>, explainNoToken: (failure: F) => string): Status {
  if (failure.code === "svid_not_verified") {
    const { failure: cause } = failure;
    return "url" in cause
      ? status("unavailable", describeUnread(cause).message)
      : status("internal", `The SVID ${cause.what} (${cause.code}).`);
  }
  const root = rootFailure(failure);
  const message = words(root, explainNoToken);
  return isRefusal(root) && failure.code !== "deadline_exceeded"
    ? status("permissionDenied", message)
    : status("unavailable", message);
}

function isRefusal({ code }: AttemptFailure<unknown>): boolean {
  return code === "refused" || code === "no_subject_token";
}

function words<F>(failure: AttemptFailure<F>, explainNoToken: (failure: F) => string): string {
  switch (failure.code) {
    case "refused":
      return refusalWords(failure.refusal);
    case "no_subject_token":
      return explainNoToken(failure.failure);
    case "not_an_exchange":
      return `The server at the URL of the exchange is not an exchange (status ${failure.status}).`;
    case "redirected":
      return `The URL of the exchange redirects (status ${failure.status}), and a token is sent to no other address.`;
    case "unreachable": {
      const { meaning } = networkAdvice(failure.cause, { url: "the URL of the exchange" });
      return `The exchange could not be reached: ${meaning} (${failure.errno ?? failure.cause}).`;
    }
  }
}

function refusalWords({ code, error, description, requestId }: ExchangeRefusal): string {
  const request = requestId === undefined ? "" : ` request_id ${requestId}`;
  return `${description} [${code ?? error}]${request}`;
}
