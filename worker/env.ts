import type { AnalyticsEngineDataset, DurableObjectNamespace, KVNamespace } from "@cloudflare/workers-types";
import type { RateLimitBindings } from "./exchange/rate-limit.ts";
import type { ReplayGuard } from "./exchange/replay/guard.ts";
import type { KeyKeeper } from "./signing/keeper/keeper.ts";

/** The bindings of `wrangler.toml`. Only `app.ts`, `services.ts` and the Durable Objects see them. */
export interface Env extends RateLimitBindings {
  /** Holds the trust document (`trust`, `trust/last-good`), the key ring (`ring`) and issuers' keys (`upstream/…`). */
  readonly KV: KVNamespace;
  /** The only writer of the key ring. */
  readonly KEYS: DurableObjectNamespace<KeyKeeper>;
  /** Remembers which subject tokens were used. */
  readonly REPLAY: DurableObjectNamespace<ReplayGuard>;
  /** Counts exchanges and requests to applications. The maintainer may leave it out. */
  readonly AUDIT?: AnalyticsEngineDataset;
  /** 32 random bytes in base64, which seal the private keys. */
  readonly KEY_ENCRYPTION_KEY: string;
  /** The former `KEY_ENCRYPTION_KEY`, only while it is being changed. */
  readonly KEY_ENCRYPTION_KEY_PREVIOUS?: string;
}
