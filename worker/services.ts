import type { Env } from "./env.ts";
import { auditFields, auditPoint, type Outcome } from "./exchange/audit.ts";
import type { ExchangeParts } from "./exchange/exchange.ts";
import { createRateLimits, type RateLimits } from "./exchange/rate-limit.ts";
import { consume } from "./exchange/replay/consume.ts";
import { createDocumentCache, type DocumentCache } from "./http/prepared-document.ts";
import { createUpstreamKeys } from "./issuers/upstream-keys.ts";
import { logEvent } from "./log.ts";
import { createSigningKeys } from "./signing/isolate/create-signing-keys.ts";
import { createKeeperClient } from "./signing/keeper-client.ts";
import type { KeySettings } from "./signing/ring/ring.ts";
import { createTrustStore, type TrustStore } from "./trust/trust-store.ts";

/** Everything that an isolate keeps between requests. It is a cache: an isolate that loses it is slower, never wrong. */
export interface Services extends ExchangeParts {
  readonly trust: TrustStore;
  readonly documents: DocumentCache;
  readonly rateLimits: RateLimits;
  /** Writes the audit line of a request, and its point where exchanges are counted. */
  readonly record: (outcome: Outcome) => void;
  /** Lets the keeper rotate what is due; `now` in Unix seconds. */
  readonly advanceKeys: (settings: KeySettings, now: number) => Promise<void>;
}

export function createServices(env: Env): Services {
  const keeper = createKeeperClient(env.KEYS);
  const kek = { current: env.KEY_ENCRYPTION_KEY, previous: env.KEY_ENCRYPTION_KEY_PREVIOUS };
  return {
    trust: createTrustStore(env.KV),
    upstreamKeys: createUpstreamKeys({
      fetch: (input, init) => fetch(input, init),
      kv: env.KV,
      report: (issuer, failure) => logEvent("warn", "issuer_keys", { issuer_id: issuer.id, failure }),
    }),
    signingKeys: createSigningKeys({ kv: env.KV, keeper, kek }),
    consume: (issuer, claims, audience) => consume(env.REPLAY, issuer, claims, audience),
    documents: createDocumentCache(),
    rateLimits: createRateLimits(env),
    record: (outcome) => {
      logEvent("log", "exchange", auditFields(outcome));
      env.AUDIT?.writeDataPoint(auditPoint(outcome));
    },
    advanceKeys: (settings, now) => keeper.advance(settings, now),
  };
}
