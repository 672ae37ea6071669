/**
 * Every number that bounds what the Worker takes, keeps or waits for, with its reason. Sizes are bytes, times are
 * seconds, unless the name says otherwise.
 */

// The keys of the issuers.

/** A set up to this age is used as it is. */
export const UPSTREAM_FRESH_SECONDS = 600;
/** A set up to this age is used, and fetched again behind the response; an older one only where a fetch has failed. */
export const UPSTREAM_REVALIDATE_SECONDS = 3_600;
/** How long the last good set serves the keys that it knows while its issuer is down. */
export const UPSTREAM_STALE_IF_ERROR_SECONDS = 86_400;
/** One fetch an issuer in this time, whether it succeeds or fails. PyPI and crates.io use the same minute. */
export const UPSTREAM_COOLDOWN_SECONDS = 60;
/** A copy of the keys in KV is renewed when it is this old, so that isolates do not write it by turns. */
export const UPSTREAM_COPY_RENEW_SECONDS = 1_800;
/** How often, in milliseconds, a request polls for the end of another request's fetch. */
export const UPSTREAM_POLL_MS = 25;
/** Requests of one isolate that may wait in this way; the next one is told to try again. */
export const MAX_UPSTREAM_WAITERS = 100;
/** A KV read that takes longer counts as none: reads take milliseconds when hot and a few hundred when cold. */
export const KV_TIMEOUT_SECONDS = 1;

// The replay guard.

/** Machines' clocks differ: a use is remembered for this much longer than any machine takes the token. */
export const REPLAY_CLOCK_SECONDS = 60;
/** One shard's storage, of the 1 GB that the free plan gives an object: about a million tokens at a time. */
export const MAX_REPLAY_BYTES = 256 * 1024 * 1024;
/** Rows that one alarm deletes, so that a shard never stops for long. */
export const REPLAY_SWEEP_ROWS = 20_000;
/** The least time between two alarms of a shard. */
export const REPLAY_SWEEP_SECONDS = 60;
/** A first call may have to start the object on another continent; a second try follows. */
export const REPLAY_TIMEOUT_SECONDS = 3;
export const REPLAY_ATTEMPTS = 2;
export const REPLAY_RETRY_SECONDS = 10;

// Our own keys.

/** The keeper may have to make the first RSA keys, which takes up to seconds. */
export const KEEPER_TIMEOUT_SECONDS = 15;
/** Between two tries of one isolate to reach a source of the ring that did not answer; also `Retry-After`. */
export const RING_RETRY_SECONDS = 5;
/** Between two questions of one isolate to a keeper that answers. */
export const RING_ASK_AGAIN_SECONDS = 60;

// The request.

/** A token of 16 KiB at most, which needs no percent-encoding, and a few short parameters, which may. */
export const MAX_REQUEST_BODY_BYTES = 32 * 1024;

// The trust document.

/** The least that KV allows: how long a location may answer from its cache. */
export const TRUST_CACHE_TTL = 30;
/** How often an isolate looks for a new document. With the cache above, `apply` is live within two minutes. */
export const TRUST_POLL_SECONDS = 30;
/** An isolate that has been idle for longer looks before it answers: the document may revoke a key meanwhile. */
export const TRUST_LIMIT_SECONDS = 60;
/** `Retry-After` where a part of the platform did not answer: about as long as such faults last. */
export const UNAVAILABLE_RETRY_SECONDS = 10;

// Rates. The numbers of requests are in `wrangler.toml`, where a maintainer can change them.

/** `Retry-After`: half of the bindings' period, after which about half of what was counted is forgotten. */
export const RATE_LIMIT_RETRY_SECONDS = 30;

/** How long an address with too many refusals is answered before any work is done for it: as long as it is told to wait. */
export const FLOOD_SECONDS = RATE_LIMIT_RETRY_SECONDS;
/** Requests of such an address that go on in each second of an isolate: jobs whose tokens verify may share it. */
export const FLOOD_ADMITTED = 10;
/** Such addresses that an isolate remembers. */
export const MAX_FLOODING_NETWORKS = 1_000;

// The audit trail.

/** Refusals of callers who have proved nothing that have a line each, in one window of an isolate; the rest is counted. */
export const MAX_ANONYMOUS_LINES = 100;
/** The window. Work may go on for 30 s behind an answer, so the line that counts is written behind one of the window's. */
export const ANONYMOUS_WINDOW_SECONDS = 10;
/** Characters of a verified claim in an audit line. Ids of runs and jobs are much shorter. */
export const MAX_AUDIT_VALUE = 256;

// The gateway.

/** Passes in an isolate's memory, at up to 20 KiB each: a thousand callers that call within one minute. */
export const MAX_PASSES = 1_000;
/** An assertion is read within milliseconds of its `iat` and `nbf`, by libraries without leeway, on clocks that may be slow. */
export const ASSERTION_BACKDATE_SECONDS = 5;
/** How long an origin may take to begin its answer. Cloudflare's own proxy waits about as long (error 524). */
export const ORIGIN_TIMEOUT_SECONDS = 100;
/** What the slowest upload is taken to make in a second, since an origin answers only once it has the body. */
export const ORIGIN_UPLOAD_BYTES_PER_SECOND = 16 * 1024;
/** The longest upload, also of a body whose length is not told. */
export const ORIGIN_LONGEST_UPLOAD_SECONDS = 3_600;
/** One audit line in this time for each token and application that is let through. */
export const ACCESS_LINE_SECONDS = 60;
