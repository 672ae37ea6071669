import { DurableObject } from "cloudflare:workers";
import type { DurableObjectState } from "@cloudflare/workers-types";
import { errorKind, logEvent } from "../../log.ts";
import { decodeSettings, type KeeperSettings } from "../keeper-client.ts";
import { readRing, type WritableRingKv, writeRing } from "../kv-ring.ts";
import type { KeySettings } from "../ring/ring.ts";
import { decodeRing } from "../ring/ring-codec.ts";
import { KeeperFailure, type KeeperPorts, type KeeperRun, type KeeperState } from "./keeper-ports.ts";
import { type RunCall, runKeeper } from "./keeper-run.ts";
import { keyCustody } from "./key-custody.ts";
import { serveRing } from "./served-ring.ts";

/** The bindings of the Worker that the keeper uses. */
export interface KeeperEnv {
  readonly KV: WritableRingKv;
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

  /** Brings the ring up to date: what cron calls. @param caller the caller's clock, in Unix seconds. */
  async advance(settings: KeeperSettings, caller: number): Promise<KeeperRun> {
    const clocks = { own: this.clock(), caller };
    return this.#alone(() => this.#run(decodeSettings(settings), { clocks, from: "cron" }));
  }

  /** The original of the ring, for a reader whom KV does not help. Makes the first ring, and a key that is missing. */
  async ring(settings: KeeperSettings, caller: number): Promise<string> {
    const clocks = { own: this.clock(), caller };
    const known = decodeSettings(settings);
    const run = (): Promise<void> => this.#tryRun(known, { clocks, from: "reader" });
    return this.#alone(() => serveRing(this.#ports, known, clocks, run));
  }

  /** The object's own clock, in Unix seconds. */
  protected clock(): number {
    return Math.floor(Date.now() / 1000);
  }

  async #run(settings: KeySettings, call: RunCall): Promise<KeeperRun> {
    const run = await runKeeper(this.#ports, settings, call);
    if (!run.copied) logEvent("error", "ring_copy_failed", {});
    if (run.time === "jumped") logEvent("warn", "clock_jumped", {});
    return run;
  }

  /** A run for a reader: where it fails, the ring that there is still serves. */
  async #tryRun(settings: KeySettings, call: RunCall): Promise<void> {
    try {
      await this.#run(settings, call);
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
    readCopy: () => readRing(env.KV),
    writeCopy: (copy) => writeRing(env.KV, copy),
    decode: decodeRing,
    custody: () => keyCustody({ current: env.KEY_ENCRYPTION_KEY, previous: env.KEY_ENCRYPTION_KEY_PREVIOUS }),
  };
}
