import type { Application } from "../../shared/trust/model/application.ts";
import type { OriginFetcher, OriginOf } from "./origin.ts";

/**
 * Finds the origins: the network, or the bindings of the Worker's environment. A service, a VPC service and a client
 * certificate are all called by `fetch` (Cloudflare, bindings); a binding of another kind is none.
 */
export function createOriginOf(bindings: object, network: OriginFetcher): OriginOf {
  return ({ origin: { binding } }: Application) =>
    binding === undefined ? network : fetcherOf(bindings, binding.name);
}

function fetcherOf(bindings: object, name: string): OriginFetcher | undefined {
  const bound: unknown = Object.hasOwn(bindings, name) ? Reflect.get(bindings, name) : undefined;
  return isFetcher(bound) ? bound : undefined;
}

function isFetcher(bound: unknown): bound is OriginFetcher {
  return typeof bound === "object" && bound !== null && "fetch" in bound && typeof bound.fetch === "function";
}
