import type { KVNamespace } from "@cloudflare/workers-types";
import { withinDeadline } from "../../shared/deadline.ts";
import { type Denial, deny } from "../../shared/denial.ts";
import { hasPassed } from "../../shared/elapsed.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import {
  KV_TIMEOUT_SECONDS,
  TRUST_CACHE_TTL,
  TRUST_LIMIT_SECONDS,
  TRUST_POLL_SECONDS,
  UNAVAILABLE_RETRY_SECONDS,
} from "../limits.ts";
import { errorKind, logEvent } from "../log.ts";
import type { Moment } from "../moment.ts";
import { type RefusedDocument, type TrustInForce, trustInForce } from "./trust-in-force.ts";

/** The trust document as one isolate knows it, and when the isolate looks for a new one in KV. */
export interface TrustStore {
  /**
   * The document in force. An isolate that has none, or that has been idle, looks in KV first; any other looks in the
   * background every half minute. Refuses with `trust_document_unavailable` where the isolate has no document and KV
   * does not answer, and with `not_configured` where KV has no valid one.
   */
  current(moment: Moment): Promise<Result<TrustInForce, Denial>>;
  /** Looks for a new document at once, as cron does. Throws what KV throws. */
  refresh(moment: Moment): Promise<void>;
  /** The document in KV, where it can't be applied and an older one (or none) is in force. */
  refused(): RefusedDocument | undefined;
}

const DOCUMENT = "trust";
/** The newest document that compiled. An isolate without a document takes it where `trust` does not compile. */
const LAST_GOOD = "trust/last-good";

const RETRY = { retryAfter: UNAVAILABLE_RETRY_SECONDS };
const NOT_CONFIGURED = deny("not_configured", "There is no valid trust document.", RETRY);
const UNREADABLE = deny("trust_document_unavailable", "The trust document could not be read.", RETRY);

export function createTrustStore(kv: KVNamespace): TrustStore {
  let inForce: TrustInForce | undefined;
  let refused: RefusedDocument | undefined;
  let lastText: string | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;

  return { current, refresh, refused: () => refused };

  async function current(moment: Moment): Promise<Result<TrustInForce, Denial>> {
    if (inForce === undefined) return first(moment);
    if (hasPassed(TRUST_LIMIT_SECONDS, lookedAt, moment.now)) await refreshInTime(moment);
    else if (hasPassed(TRUST_POLL_SECONDS, lookedAt, moment.now)) {
      moment.background(refresh(moment).catch(logUnreadable));
    }
    return ok(inForce);
  }

  async function first(moment: Moment): Promise<Result<TrustInForce, Denial>> {
    try {
      await refresh(moment);
      if (inForce === undefined) await fallBack(moment.now);
    } catch (cause) {
      logUnreadable(cause);
      return err(UNREADABLE);
    }
    return inForce === undefined ? err(NOT_CONFIGURED) : ok(inForce);
  }

  async function refresh({ now, background }: Moment): Promise<void> {
    lookedAt = now;
    const text = await read(DOCUMENT);
    if (text === null || text === lastText) return;
    lastText = text;
    const taken = trustInForce(text, now);
    refused = taken.ok ? undefined : taken.error;
    if (taken.ok) {
      inForce = taken.value;
      background(keepAsLastGood(text));
    } else {
      const { version, rules } = taken.error;
      logEvent("error", "trust_document_refused", { version, rules });
    }
  }

  /** Where KV does not answer in time, the document stays in force, and the next look is due as after any other. */
  async function refreshInTime(moment: Moment): Promise<void> {
    const deadline = AbortSignal.timeout(KV_TIMEOUT_SECONDS * 1000);
    await withinDeadline(refresh(moment), deadline).catch(logUnreadable);
  }

  async function keepAsLastGood(text: string): Promise<void> {
    if ((await read(LAST_GOOD)) !== text) await kv.put(LAST_GOOD, text);
  }

  async function fallBack(now: number): Promise<void> {
    const text = await read(LAST_GOOD);
    const taken = text === null ? undefined : trustInForce(text, now);
    if (taken?.ok) inForce = taken.value;
  }

  function read(key: string): Promise<string | null> {
    return kv.get(key, { cacheTtl: TRUST_CACHE_TTL });
  }
}

function logUnreadable(cause: unknown): void {
  logEvent("error", "trust_document_unreadable", errorKind(cause));
}
