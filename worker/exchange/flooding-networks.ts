import { hasPassed } from "../../shared/elapsed.ts";
import { FLOOD_ADMITTED, FLOOD_SECONDS, MAX_FLOODING_NETWORKS } from "../limits.ts";

/** Which networks an isolate has lately seen refused too often. It is a memory of this isolate alone, and may be lost. */
export interface FloodingNetworks {
  /** Remembers a network; `now` in Unix seconds. */
  add(network: string, now: number): void;
  /**
   * Whether to answer a request of this network before any work is done for it. A few requests of each second go on all the
   * same, so that a job which shares the network with a flood can show that its token verifies.
   */
  turnsAway(network: string, now: number): boolean;
}

interface Flood {
  readonly since: number;
  /** The second of which requests are counted, and how many of it went on. */
  second: number;
  admitted: number;
}

export function createFloodingNetworks(): FloodingNetworks {
  const floods = new Map<string, Flood>();

  return {
    add(network, now) {
      const { second = now, admitted = 0 } = floods.get(network) ?? {};
      floods.delete(network);
      const [longestQuiet] = floods.keys();
      if (longestQuiet !== undefined && floods.size >= MAX_FLOODING_NETWORKS) floods.delete(longestQuiet);
      floods.set(network, { since: now, second, admitted });
    },
    turnsAway(network, now) {
      const flood = floods.get(network);
      if (flood === undefined) return false;
      if (hasPassed(FLOOD_SECONDS, flood.since, now)) {
        floods.delete(network);
        return false;
      }
      if (flood.second !== now) Object.assign(flood, { second: now, admitted: 0 });
      flood.admitted++;
      return flood.admitted > FLOOD_ADMITTED;
    },
  };
}
