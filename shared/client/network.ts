/**
 * Why a request got no response, as a closed set, read from the error codes of Node (libuv, OpenSSL, undici) and never
 * from a message.
 */
export type NetworkCause = "dns" | "tls" | "refused" | "reset" | "timeout" | "proxy" | "other";

/** A certificate that is not accepted, or a proxy's refusal, stays as it is for longer than a deadline. */
export function mayRecover(cause: NetworkCause): boolean {
  return cause !== "tls" && cause !== "proxy";
}

const CAUSES: readonly (readonly [NetworkCause, RegExp])[] = [
  ["dns", /^(ENOTFOUND|EAI_[A-Z]+|ENODATA|EDNS.*)$/],
  ["proxy", /^ERR_PROXY_[A-Z_]+$/],
  ["timeout", /^(ETIMEDOUT|ESOCKETTIMEDOUT|UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT)$/],
  ["refused", /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EHOSTDOWN|EADDRNOTAVAIL)$/],
  ["reset", /^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|HPE_[A-Z_]+)$/],
  // X509_verify_cert's codes as Node names them, its own ERR_TLS_*, and OpenSSL's handshake errors.
  ["tls", /^(CERT_|UNABLE_TO_|CRL_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_(CA|PURPOSE)$)/],
  ["tls", /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|PATH_LENGTH_EXCEEDED)$/],
];

/** How deep `cause` chains are followed: fetch wraps once, happy eyeballs once more. */
const MAX_DEPTH = 5;

/** A request without a response, or with a response that broke off. */
export interface NetworkError {
  readonly cause: NetworkCause;
  /** The code that it was read from, as Node names it; absent where there was none. */
  readonly errno?: string;
}

/**
 * @param thrown whatever a fetch, or reading its body, threw.
 * @param signal the signal that limited its time: a stream that it cut off may report any error.
 */
export function networkError(thrown: unknown, signal?: AbortSignal): NetworkError {
  if (signal?.aborted) return { cause: "timeout" };
  let error = thrown;
  for (let depth = 0; depth < MAX_DEPTH && isObject(error); depth += 1) {
    if (error["name"] === "TimeoutError" || error["name"] === "AbortError") return { cause: "timeout" };
    const errno = error["code"];
    const row = typeof errno === "string" ? CAUSES.find(([, pattern]) => pattern.test(errno)) : undefined;
    if (typeof errno === "string" && row !== undefined) return { cause: row[0], errno };
    error = error["cause"] ?? (Array.isArray(error["errors"]) ? error["errors"][0] : undefined);
  }
  return { cause: "other" };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
