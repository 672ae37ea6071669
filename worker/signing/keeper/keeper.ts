import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState } from "@cloudflare/workers-types";
import { errorKind, logEvent } from "../../log.ts";
import type { KeySettings } from "../ring/ring.ts";
import { decodeRing, KV_CACHE_TTL, RING_KEY, type RingKv } from "../ring/ring-codec.ts";
import { importKeks, open, sealRing } from "../seal.ts";
import { generateKey } from "./generate-key.ts";
import {
  KeeperFailure,
  type KeeperPorts,
  type KeeperRun,
  type KeeperSettings,
  type KeeperState,
  settingsOf,
} from "./keeper-ports.ts";
import { isUrgent, keep, servedRing } from "./keeper-run.ts";

/** The bindings of the Worker that the keeper uses. */
export interface KeeperEnv {
  readonly KV: RingKv & { put(key: string, value: string): Promise<void> };
  readonly KEY_ENCRYPTION_KEY: string;
  readonly KEY_ENCRYPTION_KEY_PREVIOUS?: string;
}

const STATE = "state";

/**
 * The only writer of the key ring: one object for the whole deployment, so that two runs can't make two rings. It holds
 * the original; KV holds the copy that all locations read.
 */
export class KeyKeeper extends DurableObject<KeeperEnv> {
  readonly #ports: KeeperPorts;

  constructor(ctx: DurableObjectState, env: KeeperEnv) {
    super(ctx, env);
    this.#ports = portsOf(ctx, env);
  }

  /** Brings the ring to `now` (Unix seconds): what cron calls. */
  async advance(settings: KeeperSettings, now: number): Promise<KeeperRun> {
    return this.#alone(() => this.#keep(settingsOf(settings), now));
  }

  /** The original of the ring, for a reader whom KV does not help. Makes the first ring, and a key that is missing. */
  async ring(settings: KeeperSettings, now: number): Promise<string> {
    const known = settingsOf(settings);
    return this.#alone(async () => {
      if (isUrgent(this.#ports, await this.#ports.load(), known, now)) await this.#try(known, now);
      const state = await this.#ports.load();
      const served = state === undefined ? undefined : servedRing(this.#ports, state, known, now);
      if (served === undefined) throw new KeeperFailure("no_ring", "the keeper has no ring");
      return served;
    });
  }

  async #keep(settings: KeySettings, now: number): Promise<KeeperRun> {
    const run = await keep(this.#ports, settings, now);
    if (!run.copied) logEvent("error", "ring_copy_failed", {});
    return run;
  }

  /** A run for a reader: where it fails, the ring that there is still serves. */
  async #try(settings: KeySettings, now: number): Promise<void> {
    try {
      await this.#keep(settings, now);
    } catch (error) {
      logKeeperFailure(error);
    }
  }

  /** One run at a time. What fails is thrown outside of the block: thrown inside, it would reset the object. */
  async #alone<T>(work: () => Promise<T>): Promise<T> {
    const outcome = await this.ctx.blockConcurrencyWhile(async () => {
      try {
        return { value: await work() };
      } catch (error) {
        logKeeperFailure(error);
        return undefined;
      }
    });
    // Cloudflare keeps the message of what an object throws, which may quote a key: the reason is in the log alone.
    if (outcome === undefined) throw new Error("The keeper failed, and its log says why.");
    return outcome.value;
  }
}

function logKeeperFailure(error: unknown): void {
  const reason = error instanceof KeeperFailure ? error.code : "unexpected";
  logEvent("error", "keeper_failed", { reason, ...errorKind(error) });
}

function portsOf(ctx: DurableObjectState, env: KeeperEnv): KeeperPorts {
  return {
    load: () => ctx.storage.get<KeeperState>(STATE),
    save: (state) => ctx.storage.put(STATE, state),
    readCopy: () => env.KV.get(RING_KEY, { type: "text", cacheTtl: KV_CACHE_TTL }),
    writeCopy: (text) => env.KV.put(RING_KEY, text),
    decode: decodeRing,
    vault: async () => {
      const keks = await importKeks({
        current: env.KEY_ENCRYPTION_KEY,
        previous: env.KEY_ENCRYPTION_KEY_PREVIOUS,
      });
      if (!keks.ok) throw new KeeperFailure("kek_invalid", keks.error);
      const [first, ...rest] = keks.value;
      return {
        keks: [first.id, ...rest.map(({ id }) => id)],
        open: (key, sequence) => open(key, sequence, keks.value),
        seal: (ring, id) => sealRing(ring, keks.value.find((kek) => kek.id === id) ?? first),
        generate: generateKey,
      };
    },
  };
}
