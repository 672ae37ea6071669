import { createSigningKeys } from "../../../worker/signing/isolate/create-signing-keys.ts";
import { generateKey } from "../../../worker/signing/keeper/generate-key.ts";
import {
  type KeeperPorts,
  type KeeperSettings,
  type KeeperState,
  settingsOf,
} from "../../../worker/signing/keeper/keeper-ports.ts";
import { isUrgent, keep, servedRing } from "../../../worker/signing/keeper/keeper-run.ts";
import type { KeySettings } from "../../../worker/signing/ring/ring.ts";
import { decodeRing } from "../../../worker/signing/ring/ring-codec.ts";
import { importKeks, type KekSecrets, open, sealRing } from "../../../worker/signing/seal.ts";

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

/** The keeper and its readers in one process, with real keys and seals, and a KV and an object that can be broken. */
export function deployment(secrets: KekSecrets = { current: KEK }) {
  const world = {
    secrets,
    kv: null as string | null,
    state: undefined as KeeperState | undefined,
    kvReads: 0,
    asked: 0,
    kvDown: false,
    kvRefusesWrites: false,
    keeperDown: false,
    background: [] as Promise<unknown>[],
    ports: undefined as unknown as KeeperPorts,
    advance: (settings: KeySettings, now: number) => keep(world.ports, settings, now),
    reader: () =>
      createSigningKeys({
        kv: {
          get: async () => {
            world.kvReads++;
            if (world.kvDown) throw new Error("KV GET failed: 503");
            return world.kv;
          },
        },
        keeper: { getByName: () => ({ ring: (settings, now) => world.ring(settings, now) }) },
        kek: world.secrets,
      }),
    ring: async (settings: KeeperSettings, now: number): Promise<string> => {
      world.asked++;
      if (world.keeperDown) throw new Error("the object does not answer");
      const known = settingsOf(settings);
      if (isUrgent(world.ports, world.state, known, now)) await keep(world.ports, known, now).catch(() => {});
      const served = world.state && servedRing(world.ports, world.state, known, now);
      if (served === undefined) throw new Error("no ring");
      return served;
    },
    later: (work: Promise<unknown>): void => {
      world.background.push(work);
    },
    settle: async (): Promise<void> => {
      await Promise.all(world.background.splice(0));
    },
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
    vault: async () => {
      const keks = await importKeks(world.secrets);
      if (!keks.ok) throw new Error(keks.error);
      const [first, ...rest] = keks.value;
      return {
        keks: [first.id, ...rest.map(({ id }) => id)],
        open: (key, sequence) => open(key, sequence, keks.value),
        seal: (ring, id) => sealRing(ring, keks.value.find((kek) => kek.id === id) ?? first),
        generate: generateKey,
      };
    },
  };
  return world;
}
