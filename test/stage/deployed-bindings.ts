import type { RateLimitBindings } from "../../worker/exchange/rate-limit.ts";
import type { DeployedConfig } from "./deployed-config.ts";

/** Exchanges in a period, instead of what `wrangler.toml` allows. */
export type Rates = Partial<Record<keyof RateLimitBindings, number>>;

/** The bindings of `wrangler.toml` as miniflare's configuration of the Worker `worker` has them. */
export function deployedBindings(config: DeployedConfig, worker: string, rates: Rates) {
  const kv = config.kvNamespaces.map((name) => [name, { type: "kv", id: name }]);
  const objects = Object.entries(config.durableObjects).map(([name, exportName]) => [
    name,
    { type: "durable-object", worker, exportName },
  ]);
  const limits = config.rateLimits.map(({ name, namespace, limit, period }) => [
    name,
    {
      type: "rate-limit",
      namespace,
      simple: { limit: rates[name as keyof RateLimitBindings] ?? limit, period },
    },
  ]);
  const classes = Object.values(config.durableObjects).map((name) => [
    name,
    { type: "durable-object", storage: "sqlite" },
  ]);
  return {
    env: Object.fromEntries([...kv, ...objects, ...limits]),
    exports: Object.fromEntries(classes),
  };
}
