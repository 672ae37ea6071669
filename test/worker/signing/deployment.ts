import { createSigningKeys } from "../../../worker/signing/isolate/create-signing-keys.ts";
import type { KeeperPorts, KeeperState } from "../../../worker/signing/keeper/keeper-ports.ts";
import { runKeeper } from "../../../worker/signing/keeper/keeper-run.ts";
import { keyCustody } from "../../../worker/signing/keeper/key-custody.ts";
import { serveRing } from "../../../worker/signing/keeper/served-ring.ts";
import type { KeySettings } from "../../../worker/signing/ring/ring.ts";
import { decodeRing } from "../../../worker/signing/ring/ring-codec.ts";
import type { KekSecrets } from "../../../worker/store/secrets.ts";
import { createMoments } from "../../stage/moments.ts";

export const KEK = Buffer.alloc(32, 1).toString("base64");
export const OTHER_KEK = Buffer.alloc(32, 2).toString("base64");
export const START = 1_800_000_000;
export const HOUR = 3_600;
export const DAY = 24 * HOUR;

export const SETTINGS: KeySettings = {
  rotateEverySeconds: 7 * DAY,
  algorithms: ["ES256", "RS256"],
  revoked: new Set(),
};

/** What the keeper of a Worker without MACs left: the ring alone, and in KV the same bytes. */
export function legacyStorage(ring: string) {
  const state: KeeperState = {
    published: ring,
    pending: null,
    copiedAt: START,
    triedAt: START,
    sealing: null,
  };
  return { kv: ring, state };
}

/** The keeper and its readers in one process, with real keys and seals, and a KV and an object that can be broken. */
export function deployment(secrets: KekSecrets = { current: KEK }) {
  const world = {
    secrets,
    kv: null as string | null,
    state: undefined as KeeperState | undefined,
    kvReads: 0,
    asked: 0,
    /** Why isolates did not use a copy in KV. */
    refused: [] as string[],
    kvDown: false,
    kvRefusesWrites: false,
    keeperDown: false,
    /** Seconds that the keeper's own clock is ahead of its caller's. */
    keeperAhead: 0,
    ports: undefined as unknown as KeeperPorts,
    clocks: (now: number) => ({ own: now + world.keeperAhead, caller: now }),
    advance: (settings: KeySettings, now: number) =>
      runKeeper(world.ports, settings, { clocks: world.clocks(now), from: "cron" }),
    reader: () =>
      createSigningKeys({
        kv: {
          get: async () => {
            world.kvReads++;
            if (world.kvDown) throw new Error("KV GET failed: 503");
            return world.kv;
          },
        },
        keeper: { ring: (settings, now) => world.ring(settings, now) },
        kek: world.secrets,
        report: (reason) => void world.refused.push(reason),
      }),
    ring: async (settings: KeySettings, now: number): Promise<string> => {
      world.asked++;
      if (world.keeperDown) throw new Error("the object does not answer");
      const clocks = world.clocks(now);
      return serveRing(world.ports, settings, clocks, async () => {
        await runKeeper(world.ports, settings, { clocks, from: "reader" }).catch(() => {});
      });
    },
    ...createMoments(),
  };
  world.ports = {
    load: async () => world.state,
    save: async (state) => {
      world.state = structuredClone(state);
    },
    readCopy: async () => {
      if (world.kvDown) throw new Error("KV GET failed: 503");
      return world.kv;
    },
    writeCopy: async (text) => {
      if (world.kvDown || world.kvRefusesWrites) throw new Error("KV PUT failed: 503");
      world.kv = text;
    },
    decode: decodeRing,
    custody: () => keyCustody(world.secrets),
  };
  return world;
}
