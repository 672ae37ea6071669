import type { DenialRow } from "./denial-row.ts";

/** Every reason for which the gateway refuses on its own, as one closed table. `docs/reference/errors.md` has a section a row. */
export const GATEWAY_DENIALS = {
  request_target_refused: {
    error: "invalid_request",
    status: 400,
    retryable: false,
    hint: "Send the path, which starts with a slash, and one Host.",
  },
  caller_token_missing: {
    error: "invalid_request",
    status: 401,
    retryable: false,
    hint: "Send a JWT-SVID for the audience of the application as Authorization: Bearer.",
  },
  caller_token_refused: {
    error: "invalid_token",
    status: 401,
    retryable: false,
    hint: "Ask the exchange for a fresh JWT-SVID for the audience of the application.",
  },
  application_denied: {
    error: "insufficient_scope",
    status: 403,
    retryable: false,
    hint: "Compare the SPIFFE ID with the rules of the application: svid-exchange explain --application shows both.",
  },
  assertion_refused: {
    error: "insufficient_scope",
    status: 403,
    retryable: false,
    hint: "Give the SVID the claim that the rule or the header of the application uses.",
  },
  origin_not_bound: {
    error: "server_error",
    status: 500,
    retryable: true,
    hint: "Add the binding of the application's origin to wrangler.toml, and deploy.",
  },
  origin_failed: {
    error: "temporarily_unavailable",
    status: 502,
    retryable: true,
    hint: "Look at the application itself: the gateway let the request through.",
  },
  origin_timeout: {
    error: "temporarily_unavailable",
    status: 504,
    retryable: true,
    hint: "Look at the application itself: it may have carried the request out.",
  },
} as const satisfies Record<string, DenialRow>;
