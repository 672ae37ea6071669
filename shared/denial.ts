import type { DenialRow } from "./denial-row.ts";
import { GATEWAY_DENIALS } from "./gateway-denials.ts";

const request = (hint: string): DenialRow => ({
  error: "invalid_request",
  status: 400,
  retryable: false,
  hint,
});
const target = (hint: string): DenialRow => ({
  error: "invalid_target",
  status: 400,
  retryable: false,
  hint,
});
const unavailable = (hint: string): DenialRow => ({
  error: "temporarily_unavailable",
  status: 503,
  retryable: true,
  hint,
});

/** Every reason for which the exchange refuses, as one closed table. `docs/reference/errors.md` has a section a row. */
export const EXCHANGE_DENIALS = {
  // The HTTP request.
  not_found: {
    ...request("Exchange tokens with POST /token; the published documents are under /.well-known/."),
    status: 404,
  },
  method_not_allowed: { ...request("Use a method that the Allow header names."), status: 405 },
  content_type_refused: request("Send application/x-www-form-urlencoded."),
  body_too_large: {
    ...request("Send the subject token and the few parameters of RFC 8693, nothing else."),
    status: 413,
  },
  body_malformed: request("Send percent-encoded UTF-8, for example with curl --data-urlencode."),
  parameter_in_query: request("Move the parameters from the URL to the body: URLs end up in logs."),
  client_authentication_unsupported: {
    error: "invalid_client",
    status: 401,
    retryable: false,
    hint: "Send no client credentials: the subject token is the only proof that counts.",
  },
  proof_of_possession_unsupported: request(
    "Leave out the DPoP header and the cnf claim: SVIDs are not key-bound here.",
  ),

  // The parameters of RFC 8693 §2.1.
  parameter_missing: request("Add the parameter to the form."),
  parameter_duplicated: request("Send the parameter once."),
  parameter_invalid: request("Correct the value of the parameter."),
  grant_type_unsupported: {
    error: "unsupported_grant_type",
    status: 400,
    retryable: false,
    hint: "Use grant_type=urn:ietf:params:oauth:grant-type:token-exchange.",
  },
  subject_token_type_unsupported: request(
    "Use subject_token_type=urn:ietf:params:oauth:token-type:id_token.",
  ),
  requested_token_type_unsupported: request(
    "Leave out requested_token_type, or use urn:ietf:params:oauth:token-type:jwt.",
  ),
  actor_token_unsupported: request("Leave out actor_token and actor_token_type."),
  scope_unsupported: {
    error: "invalid_scope",
    status: 400,
    retryable: false,
    hint: "Leave out scope: the policy decides what the SVID says.",
  },

  // The audience of the SVID.
  audience_required: target("Name one audience that the policy allows."),
  audience_refused: target("Ask for an audience that the policy lists, or add it to the policy."),
  audience_multiple: target("Ask for one audience: an SVID has exactly one. Exchange again for the next."),

  // The subject token before its signature is checked.
  token_too_large: request("Send the ID token of the CI provider as it is."),
  token_malformed: request(
    "Send the ID token of the CI provider as it is: three base64url parts joined by dots.",
  ),
  token_header_refused: request(
    "Send the ID token of the CI provider: it has only alg, kid, typ and x5t in its header.",
  ),
  token_algorithm_refused: request(
    "Add the algorithm to the issuer's algorithms in the trust document, if its tokens are signed with it.",
  ),
  issuer_not_allowed: request(
    "Add the exact issuer to allowedIssuers, or send the token of an issuer that is there.",
  ),
  signing_key_unknown: request(
    "Ask for a fresh token; check that the issuer still publishes the key that signed it.",
  ),
  issuer_keys_unavailable: unavailable("The issuer's keys could not be read. Try again shortly."),
  signature_invalid: request("Send the token as the provider issued it, unchanged."),

  // The subject token's registered claims.
  token_audience_mismatch: request("Request the ID token with this exchange's URL as its audience."),
  token_expired: request("Ask the provider for a fresh token right before the exchange."),
  token_not_yet_valid: request("Check the clock of whatever issued the token."),
  token_lifetime_exceeded: request("Use a shorter-lived token, or raise maxTokenAge for this issuer."),
  token_claim_missing: request("Send a CI job's ID token: the issuer's type requires this claim."),
  token_claim_invalid: request(
    "Send the ID token as the provider issued it: no token of this issuer should have such a claim.",
  ),

  // Policy.
  guard_refused: request(
    "Name the claim that lifts the guard in the policy, if jobs of this event may have the identity.",
  ),
  policy_unknown: request("Use the name of a policy of this issuer, or leave policy out."),
  policy_denied: request(
    "Compare the failed checks, if there are any, with the policy; the exchange's audit line of this request_id has the whole reason.",
  ),
  ambiguous_policy: request(
    "Several policies match: name one with the policy parameter, or narrow their conditions.",
  ),
  identity_refused: request(
    "Correct the policy's template: a value that it uses is missing, or cannot be part of a SPIFFE ID.",
  ),

  // Replay and rates.
  token_replayed: request("Ask the provider for a fresh token for each exchange."),
  rate_limited: {
    error: "temporarily_unavailable",
    status: 429,
    retryable: true,
    hint: "Wait as Retry-After says.",
  },

  // The service.
  not_configured: unavailable("Put a trust document in place: svid-exchange apply."),
  trust_document_unavailable: unavailable("The trust document could not be read. Try again shortly."),
  signing_keys_unavailable: unavailable("The signing keys could not be read. Try again shortly."),
  replay_guard_unavailable: unavailable("The replay guard did not answer. Try again shortly."),
  internal_error: {
    error: "server_error",
    status: 500,
    retryable: true,
    hint: "Report the request_id to whoever runs this exchange.",
  },
} as const satisfies Record<string, DenialRow>;

/** Every reason for which this service refuses. */
export const DENIALS = { ...EXCHANGE_DENIALS, ...GATEWAY_DENIALS };

export type DenialCode = keyof typeof DENIALS;

/** One condition as it met the caller's own attribute. The expected value is the policy's and is never shown. */
export interface Check {
  readonly policy: string;
  readonly attribute: string;
  /** The caller's value in its canonical string, or null where the token has no such claim. */
  readonly value: string | null;
  readonly pass: boolean;
}

/** A refusal on its way to the wire. */
export interface Denial {
  readonly code: DenialCode;
  /** What happened, to which parameter, claim or header. Never a value that has not been verified. */
  readonly detail: string;
  /** Only once the signature is verified. */
  readonly checks?: readonly Check[];
  /** Seconds, for 429 and 503. */
  readonly retryAfter?: number;
  /** The whole reason, for the operator, where the caller is told less. It never goes on the wire. */
  readonly cause?: Denial;
}

export function deny(code: DenialCode, detail: string, more: Omit<Denial, "code" | "detail"> = {}): Denial {
  return { code, detail, ...more };
}

/** The whole reason of a refusal, for the operator and for offline tools. */
export function reasonOf(denial: Denial): Denial {
  return denial.cause === undefined ? denial : reasonOf(denial.cause);
}

/** The code of the whole reason, where the caller is told another one. */
export function causeOf(denial: Denial): DenialCode | undefined {
  const { code } = reasonOf(denial);
  return code === denial.code ? undefined : code;
}

export function denialRow(code: DenialCode): DenialRow {
  return DENIALS[code];
}
