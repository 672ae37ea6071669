import type { KVNamespace } from "@cloudflare/workers-types";
import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { compileTrust } from "../../shared/trust/compile/trust.ts";
import { configVersion } from "../../shared/trust/document/version.ts";
import { errorAt, type Problem } from "../../shared/trust/model/problem.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { withinDeadline } from "../deadline.ts";
import {
  KV_TIMEOUT_SECONDS,
  TRUST_CACHE_TTL,
  TRUST_LIMIT_SECONDS,
  TRUST_POLL_SECONDS,
  UNAVAILABLE_RETRY_SECONDS,
} from "../limits.ts";
import { errorKind, logEvent, logFailure } from "../log.ts";
import type { Background } from "../moment.ts";

/** The trust document as it is being applied. */
export interface TrustInForce {
  readonly config: TrustConfig;
  /** The hash of the document, as `config_version` shows it. */
  readonly version: string;
  /** The path of our issuer, without a slash at its end; empty where it has none. */
  readonly issuerPath: string;
  /** Unix seconds at which this isolate took it up. */
  readonly since: number;
}

/** What is wrong with the document in KV, while an older one (or none) is in force. */
export interface TrustProblem {
  readonly version: string;
  readonly messages: readonly string[];
}

interface RefusedDocument {
  readonly version: string;
  readonly problems: readonly Problem[];
}

export interface TrustStore {
  /** The document in force. Waits for KV only in an isolate that has none yet; `now` in Unix seconds. */
  current(now: number, background: Background): Promise<Result<TrustInForce, Denial>>;
  /** Looks for a new document at once, as cron does. */
  refresh(now: number, background: Background): Promise<void>;
  problem(): TrustProblem | undefined;
}

const DOCUMENT = "trust";
/** The newest document that compiled: what a fresh isolate falls back to when `trust` does not. */
const LAST_GOOD = "trust/last-good";

const RETRY = { retryAfter: UNAVAILABLE_RETRY_SECONDS };
const NOT_CONFIGURED = deny("not_configured", "There is no valid trust document.", RETRY);
const NOT_JSON = errorAt([], "syntax", "The document is not JSON. Write it with svid-exchange apply.");
const UNREADABLE = deny("trust_document_unavailable", "The trust document could not be read.", RETRY);

export function createTrustStore(kv: KVNamespace): TrustStore {
  let inForce: TrustInForce | undefined;
  let problem: TrustProblem | undefined;
  let lastText: string | undefined;
  let checkedAt = Number.NEGATIVE_INFINITY;

  const read = (key: string): Promise<string | null> => kv.get(key, { cacheTtl: TRUST_CACHE_TTL });

  async function refresh(now: number, background: Background): Promise<void> {
    checkedAt = now;
    const text = await read(DOCUMENT);
    if (text === null || text === lastText) return;
    lastText = text;
    const refused = takeUp(text, now);
    problem = refused && { version: refused.version, messages: refused.problems.map(describe) };
    if (refused === undefined) background(keepAsLastGood(text));
    // The rules alone: a message may quote the document.
    else
      logEvent("error", "trust_document_refused", {
        version: refused.version,
        rules: rulesOf(refused.problems),
      });
  }

  /** Where KV does not answer, the document in force stays so, and the next look is due in a while. */
  async function refreshIfReadable(now: number, background: Background): Promise<void> {
    const patience = AbortSignal.timeout(KV_TIMEOUT_SECONDS * 1000);
    await withinDeadline(refresh(now, background), patience).catch(logFailure("trust document"));
  }

  function takeUp(text: string, now: number): RefusedDocument | undefined {
    const version = configVersion(text);
    const compiled = compileText(text);
    if (!compiled.ok) return { version, problems: compiled.error };
    const issuerPath = new URL(compiled.value.issuer).pathname.replace(/\/$/, "");
    inForce = { config: compiled.value, version, issuerPath, since: now };
    return undefined;
  }

  async function keepAsLastGood(text: string): Promise<void> {
    if ((await read(LAST_GOOD)) !== text) await kv.put(LAST_GOOD, text);
  }

  async function fallBack(now: number): Promise<void> {
    const text = await read(LAST_GOOD);
    if (text !== null) takeUp(text, now);
  }

  return {
    async current(now, background) {
      if (inForce !== undefined) {
        const age = now - checkedAt;
        if (age >= TRUST_LIMIT_SECONDS) await refreshIfReadable(now, background);
        else if (age >= TRUST_POLL_SECONDS) background(refresh(now, background));
        return ok(inForce);
      }
      try {
        await refresh(now, background);
        if (inForce === undefined) await fallBack(now);
      } catch (cause) {
        lastText = undefined;
        logEvent("error", "trust_document_unreadable", errorKind(cause));
        return err(UNREADABLE);
      }
      return inForce === undefined ? err(NOT_CONFIGURED) : ok(inForce);
    },
    refresh,
    problem: () => problem,
  };
}

function compileText(text: string): Result<TrustConfig, readonly Problem[]> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return err([NOT_JSON]);
  }
  return compileTrust(document);
}

function describe({ path, message }: Problem): string {
  return path.length === 0 ? message : `${path.join(".")}: ${message}`;
}

function rulesOf(problems: readonly Problem[]): readonly string[] {
  return [...new Set(problems.map(({ rule }) => rule))];
}
