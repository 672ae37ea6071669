/** What one reason to refuse is on the wire (RFC 6749 §5.2, RFC 8693 §2.2.2, RFC 6750 §3.1), and what the caller does next. */
export interface DenialRow {
  /** The OAuth error code of the answer. */
  readonly error:
    | "invalid_request"
    | "invalid_target"
    | "invalid_scope"
    | "invalid_client"
    | "invalid_token"
    | "insufficient_scope"
    | "unsupported_grant_type"
    | "temporarily_unavailable"
    | "server_error";
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 429 | 500 | 502 | 503 | 504;
  /** True where the same request may succeed later. */
  readonly retryable: boolean;
  /** What to do next, as one sentence. */
  readonly hint: string;
}
