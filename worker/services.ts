import type { Env } from "./env.ts";
import { auditFields, auditPoint, countedFields, type Outcome } from "./exchange/audit.ts";
import { createAuditLog } from "./exchange/audit-log.ts";
import type { ExchangeParts } from "./exchange/exchange.ts";
import { createRateLimits, type RateLimits } from "./exchange/rate-limit.ts";
import { checkUnused, consume } from "./exchange/replay/consume.ts";
import { type AccessOutcome, accessFields, accessPoint, createAccessLog } from "./gateway/access-log.ts";
import { createOriginOf } from "./gateway/bindings.ts";
import { createGateway } from "./gateway/create-gateway.ts";
import type { GatewayParts } from "./gateway/gateway.ts";
import { createDocumentCache, type DocumentCache } from "./http/prepared-document.ts";
import { createUpstreamKeys } from "./issuers/upstream-keys.ts";
import { logEvent } from "./log.ts";
import type { Background } from "./moment.ts";
import { createSigningKeys } from "./signing/isolate/create-signing-keys.ts";
import { createKeeperClient } from "./signing/keeper-client.ts";
import { RING_KEY } from "./signing/kv-ring.ts";
import type { KeySettings } from "./signing/ring/ring.ts";
import { createValueMac, type MacFailure } from "./store/value-mac.ts";
import { createTrustStore, type TrustStore } from "./trust/trust-store.ts";

/** Everything that an isolate keeps between requests. It is a cache: an isolate that loses it is slower, never wrong. */
export interface Services extends ExchangeParts {
  readonly trust: TrustStore;
  readonly documents: DocumentCache;
  readonly rateLimits: RateLimits;
  /** Writes the audit line of a request or counts it in a later one, and writes its point where exchanges are counted. */
  readonly record: (outcome: Outcome, background: Background) => void;
  readonly gateway: GatewayParts;
  /** Takes each request to an application, and writes its line and its point, or counts it in a later one. */
  readonly recordAccess: (outcome: AccessOutcome) => void;
  /** Lets the keeper rotate what is due; `now` in Unix seconds. */
  readonly advanceKeys: (settings: KeySettings, now: number) => Promise<void>;
}

export function createServices(env: Env): Services {
  const keeper = createKeeperClient(env.KEYS);
  const kek = { current: env.KEY_ENCRYPTION_KEY, previous: env.KEY_ENCRYPTION_KEY_PREVIOUS };
  const refuseValue = (key: string, reason: MacFailure): void =>
    logEvent("error", "kv_value_refused", { key, reason });
  const upstreamKeys = createUpstreamKeys({
    fetch: (input, init) => fetch(input, init),
    kv: env.KV,
    mac: createValueMac(kek, "upstreamKeys"),
    reportCopy: refuseValue,
    report: (issuer, failure) => logEvent("warn", "issuer_keys", { issuer_id: issuer.id, failure }),
  });
  const signingKeys = createSigningKeys({
    kv: env.KV,
    keeper,
    kek,
    report: (reason) => refuseValue(RING_KEY, reason),
  });
  const log = createAuditLog({
    write: (outcome) => logEvent("log", "exchange", auditFields(outcome)),
    writeCounted: (refusals) => logEvent("warn", "exchanges_refused", countedFields(refusals)),
    pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  });
  const originOf = createOriginOf(env, { fetch: (request, init) => fetch(request, init) });
  return {
    trust: createTrustStore(env.KV),
    upstreamKeys,
    signingKeys,
    consume: (issuer, claims, audience) => consume(env.REPLAY, issuer, claims, audience),
    checkUnused: (issuer, claims, audience) => checkUnused(env.REPLAY, issuer, claims, audience),
    documents: createDocumentCache(),
    rateLimits: createRateLimits(env),
    record: (outcome, background) => {
      log(outcome, background);
      env.AUDIT?.writeDataPoint(auditPoint(outcome));
    },
    gateway: createGateway({ signingKeys, upstreamKeys, originOf }),
    recordAccess: createAccessLog((outcome, requests) => {
      logEvent("log", "access", accessFields(outcome, requests));
      env.AUDIT?.writeDataPoint(accessPoint(outcome, requests));
    }),
    advanceKeys: (settings, now) => keeper.advance(settings, now),
  };
}
