/** One kind of line in the Worker's log. */
interface LogEventRow {
  /** The method of `console` that writes the line, and so the level that Workers Logs shows. */
  readonly level: "log" | "warn" | "error";
  /** The fields after `event`, in the line's order. A field that is not known is left out. */
  readonly fields: readonly string[];
  /** What the operator of the exchange does about such a line. */
  readonly operator: string;
}

/**
 * Every kind of line that the Worker writes, as one closed table. `docs/reference/audit.md` has a row for each. Only
 * types are taken from it, so that the compiler holds each line to its row and the bundle does without the table.
 */
export const LOG_EVENTS = {
  exchange: {
    level: "log",
    fields: [
      "time",
      "request_id",
      "decision",
      "code",
      "cause",
      "reason",
      "checks",
      "issuer_id",
      "issuer",
      "subject_sha256",
      "subject",
      "subject_jti",
      "run",
      "policy_asked",
      "policy",
      "spiffe_id",
      "audience",
      "svid_jti",
      "kid",
      "expires",
      "config_version",
      "latency_ms",
      "colo",
    ],
    operator: "Keep the line: it is the audit trail.",
  },
  exchanges_refused: {
    level: "warn",
    fields: ["time", "seconds", "count", "codes"],
    operator:
      "Find the addresses in Cloudflare's traffic analytics, and block them there if they are nobody's CI runners.",
  },
  access: {
    level: "log",
    fields: [
      "time",
      "request_id",
      "decision",
      "code",
      "cause",
      "application",
      "token",
      "token_sha256",
      "token_jti",
      "spiffe_id",
      "username",
      "rule",
      "assertion_jti",
      "kid",
      "expires",
      "requests",
      "config_version",
      "latency_ms",
      "colo",
    ],
    operator: "Keep the line: it is the audit trail of the gateway.",
  },
  issuer_keys: {
    level: "warn",
    fields: ["issuer_id", "failure"],
    operator:
      "If the lines go on, compare the issuer's entry in the trust document with what the issuer serves.",
  },
  trust_document_refused: {
    level: "error",
    fields: ["version", "rules"],
    operator: "Run svid-exchange check on the document, correct it, and apply it again.",
  },
  trust_document_unreadable: {
    level: "error",
    fields: ["name", "at"],
    operator: "Look at the status of Workers KV. The Worker reads the document again by itself.",
  },
  kv_value_refused: {
    level: "error",
    fields: ["key", "reason"],
    operator:
      "Follow the section kv_unauthenticated of the operations page: unless the Worker was just upgraded, find out who can write to the KV namespace.",
  },
  ring_copy_failed: {
    level: "error",
    fields: [],
    operator:
      "Wait for the next cron run, which writes the copy again. If that fails too, look at the status of Workers KV.",
  },
  clock_jumped: {
    level: "warn",
    fields: [],
    operator:
      "After hours without cron runs, nothing. Otherwise a clock of Cloudflare was wrong: the keeper erases and removes nothing for a day.",
  },
  keeper_failed: {
    level: "error",
    fields: ["reason", "name", "at"],
    operator: "Read the problems in GET /healthz, and follow their sections in the operations page.",
  },
  failure: {
    level: "error",
    fields: ["where", "name", "at"],
    operator: "Look at Cloudflare's status page. If it shows no outage, report the line as a defect.",
  },
} as const satisfies Record<string, LogEventRow>;

type LogEvent = keyof typeof LOG_EVENTS;

type LevelOf<E extends LogEvent> = (typeof LOG_EVENTS)[E]["level"];
type LogValue = string | number | readonly string[] | Readonly<Record<string, unknown>> | readonly object[];

/** What one line says: exactly the fields of its event. */
export type LogFields<E extends LogEvent> = Readonly<
  Record<(typeof LOG_EVENTS)[E]["fields"][number], LogValue | undefined>
>;

/** Writes one line of JSON. Nothing else in the Worker writes to the log. */
export function logEvent<E extends LogEvent>(level: LevelOf<E>, event: E, fields: LogFields<E>): void {
  console[level](logLine(event, fields));
}

/** In ASCII: a claim may hold C1 controls or bidirectional marks, which a terminal that shows the log would execute. */
export function logLine<E extends LogEvent>(event: E, fields: LogFields<E>): string {
  return JSON.stringify({ event, ...fields }).replace(NOT_ASCII, jsonEscape);
}

const NOT_ASCII = /[^\x20-\x7e]/g;

function jsonEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Logs a defect or a part of the platform that failed. */
export function logFailure(where: string): (cause: unknown) => void {
  return (cause) => logEvent("error", "failure", { where, ...errorKind(cause) });
}

const MAX_FRAMES = 5;

/**
 * What the log says of a thrown value: the kind of error, and where it arose. Never its message, since a library may
 * quote in it what it was given, and that may be a token, a key or a document.
 */
export function errorKind(cause: unknown): { readonly name: string; readonly at: readonly string[] } {
  return cause instanceof Error ? { name: cause.name, at: framesOf(cause) } : { name: typeof cause, at: [] };
}

/** The message stands before the frames, and a line of it may look like one. A stack without it is not understood. */
function framesOf({ stack = "", message }: Error): readonly string[] {
  const start = stack.indexOf(message);
  if (start < 0) return [];
  const lines = stack.slice(start + message.length).split("\n");
  return lines
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, MAX_FRAMES);
}
