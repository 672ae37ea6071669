import type { Timing } from "../../shared/key-timing.ts";
import type { Background } from "../../worker/moment.ts";
import { SigningKeys, type SigningKeysPorts } from "../../worker/signing/isolate/signing-keys.ts";
import type { KeeperPorts, KeeperState } from "../../worker/signing/keeper/keeper-ports.ts";
import { type RunCall, runKeeper } from "../../worker/signing/keeper/keeper-run.ts";
import type { Clocks } from "../../worker/signing/keeper/keeper-time.ts";
import { serveRing } from "../../worker/signing/keeper/served-ring.ts";
import type { KeySettings, Ring, Sealed } from "../../worker/signing/ring/ring.ts";
import { decodeRing } from "../../worker/signing/ring/ring-codec.ts";
import { Agenda } from "./agenda.ts";
import { type Secrets, simulatedCopies, simulatedCustody, simulatedImport } from "./custody.ts";
import { forgedCopy } from "./forger.ts";
import { StaleValue } from "./kv.ts";
import type { Random } from "./random.ts";

/** How the world behaves: what the constants of `Timing` are meant to cover. Times are seconds. */
export interface Nature {
  readonly kvDelay: number;
  /** How long an isolate uses its copy of the trust document. */
  readonly trustRefresh: number;
  /** `max-age` that shared caches honour. */
  readonly maxAge: number;
  /** The error of any two clocks. */
  readonly clockSkew: number;
  readonly maxTtl: number;
  readonly leeway: number;
  readonly missedCrons: number;
  readonly cronLateness: number;
  /** How long a deployment takes to reach every isolate. */
  readonly deployDelay: number;
}

export const NATURE: Nature = {
  kvDelay: 180,
  trustRefresh: 60,
  maxAge: 300,
  clockSkew: 60,
  maxTtl: 3_600,
  leeway: 300,
  missedCrons: 2,
  cronLateness: 900,
  deployDelay: 900,
};

/** What a test replaces in the Worker, to see whether the laws notice. */
export interface Weakness {
  /** Times that the keeper plans with. */
  readonly keeper?: Partial<Timing>;
  /** Wraps what an isolate's reader is connected to. */
  readonly reader?: (ports: SigningKeysPorts) => SigningKeysPorts;
  /** The settings as an isolate's reader gets them. */
  readonly settings?: (settings: KeySettings) => KeySettings;
  /** SVIDs live as long as was granted, whatever the end of their key. */
  readonly uncappedExpiry?: boolean;
}

/** What does not work: reads of KV in these locations, writes of KV, the keeper. */
export interface Down {
  readonly kvReads: ReadonlySet<number>;
  readonly kvWrites: boolean;
  readonly keeper: boolean;
}

export const NOTHING_DOWN: Down = { kvReads: new Set(), kvWrites: false, keeper: false };

/** One isolate of the Worker: the real reader, with a clock, secrets and a view of KV of its own. */
export interface Isolate {
  keys: SigningKeys;
  readonly location: number;
  /** Its clock's usual error, and by how much the clock has jumped. */
  readonly skew: number;
  jump: number;
  secrets: Secrets;
  settings: { readonly value: KeySettings; readonly readAt: number } | undefined;
  lastSequence: number;
}

export const LOCATIONS = 3;
const ISOLATES = 6;
export const START = 1_800_000_000;

/** The deployment: the real keeper, isolates all over the world, KV between them, and the switches of what can fail. */
export class World {
  readonly agenda = new Agenda(START);
  readonly isolates: Isolate[] = [];
  readonly trust: StaleValue<KeySettings>;
  readonly ringInKv: StaleValue<string>;
  down: Down = NOTHING_DOWN;
  keeperSecrets: Secrets = ["kek-1"];
  /** The usual error of the keeper's own clock, and by how much the clock has jumped. */
  readonly keeperSkew: number;
  keeperJump = 0;
  /** By how much the clock of whoever runs cron has jumped. */
  cronJump = 0;
  state: KeeperState | undefined;
  settings: KeySettings;
  readonly nature: Nature;
  readonly weakness: Weakness;
  readonly timing: Timing;
  readonly #random: Random;
  readonly #decoded = new Map<string, ReturnType<typeof decodeRing>>();
  readonly #keeper: KeeperPorts;
  readonly #keeperTiming: Timing;
  readonly #made = new Set<string>();
  #ring = "";
  readonly #ends = new Map<string, number>();
  #turn: Promise<void> = Promise.resolve();
  #onRing: (ring: Ring<Sealed>) => void = () => {};

  constructor(random: Random, settings: KeySettings, timing: Timing, nature: Nature, weakness: Weakness) {
    this.#random = random;
    this.keeperSkew = random.pick([-1, 0, 1]) * (nature.clockSkew / 2);
    this.timing = timing;
    this.nature = nature;
    this.weakness = weakness;
    this.#keeperTiming = { ...timing, ...weakness.keeper };
    this.settings = settings;
    this.trust = new StaleValue(this.agenda, random, nature.kvDelay);
    this.ringInKv = new StaleValue(this.agenda, random, nature.kvDelay);
    this.#keeper = this.#keeperPorts();
    for (let i = 0; i < ISOLATES; i++) this.isolates.push(this.#isolate(i % LOCATIONS));
  }

  get now(): number {
    return this.agenda.now;
  }

  /** Is told of every ring that the keeper makes. */
  watch(onRing: (ring: Ring<Sealed>) => void): void {
    this.#onRing = onRing;
  }

  /** Whether the keeper made a key. */
  made(kid: string): boolean {
    return this.#made.has(kid);
  }

  /** When a key stops signing, by the rings that may be in KV; `undefined` for a key that is in none. */
  endOf(kid: string): number | undefined {
    return this.#ends.get(kid);
  }

  /** The ring that the keeper published last. */
  get ring(): Ring<Sealed> | undefined {
    return this.#ring === "" ? undefined : this.ringOf(this.#ring);
  }

  ringOf(text: string): Ring<Sealed> {
    const ring = this.#decode(text);
    if (!ring.ok) throw new Error(`the keeper wrote what it can't read: ${ring.error}`);
    return ring.value;
  }

  apply(settings: KeySettings): void {
    this.settings = settings;
    this.trust.write(settings);
  }

  /** Somebody who can write KV changes the copy of the ring, or puts an older one back. */
  forge(): void {
    const copy = this.ringInKv.read();
    if (copy === null) return;
    const isRollback = this.#random.chance(0.2);
    this.ringInKv.write(isRollback ? copy : forgedCopy(copy, this.#random, this.now));
  }

  /** One run of cron, on some isolate. */
  async cron(): Promise<void> {
    if (this.down.keeper) return;
    const isolate = this.#random.pick(this.isolates);
    const settings = this.settingsOf(isolate);
    const { own, caller } = this.#clocks(isolate);
    const call: RunCall = { clocks: { own, caller: caller + this.cronJump }, from: "cron" };
    await this.#alone(() => this.#run(settings, call)).catch(() => {});
  }

  /** One run whose two clocks are wrong by as much. */
  async runMistimed(seconds: number): Promise<void> {
    const isolate = this.#random.pick(this.isolates);
    const wrong = this.now + seconds;
    const from = this.#random.chance(0.5) ? "cron" : "reader";
    const call: RunCall = { clocks: { own: wrong, caller: wrong }, from };
    await this.#alone(() => this.#run(this.settingsOf(isolate), call)).catch(() => {});
  }

  restart(isolate: Isolate): void {
    isolate.keys = this.#reader(isolate);
    isolate.settings = undefined;
    isolate.lastSequence = 0;
  }

  settingsOf(isolate: Isolate): KeySettings {
    const held = isolate.settings;
    if (held !== undefined && this.now - held.readAt < this.nature.trustRefresh) return held.value;
    const value = this.trust.read() ?? held?.value ?? this.settings;
    isolate.settings = { value, readAt: this.now };
    return value;
  }

  /** Whether an isolate can reach a source of the ring. */
  isReachable(isolate: Isolate): boolean {
    return !this.down.keeper || !this.down.kvReads.has(isolate.location);
  }

  /** What an isolate takes for the time. */
  timeOf({ skew, jump }: Isolate): number {
    return this.now + skew + jump;
  }

  #clocks(caller: Isolate): Clocks {
    return { own: this.now + this.keeperSkew + this.keeperJump, caller: this.timeOf(caller) };
  }

  async #run(settings: KeySettings, call: RunCall): Promise<void> {
    await runKeeper(this.#keeper, settings, call, this.#keeperTiming);
    const { published, pending } = this.state ?? {};
    if (published && pending === null) this.#ends.clear();
    for (const { kid, signUntil } of [published, pending].flatMap((text) =>
      text ? this.ringOf(text).keys : [],
    )) {
      this.#ends.set(kid, Math.max(signUntil, this.#ends.get(kid) ?? 0));
    }
    const text = published ?? pending ?? "";
    if (text === this.#ring) return;
    this.#ring = text;
    this.#onRing(this.ringOf(text));
  }

  /** One at a time, as in the object. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => {},
      () => {},
    );
    return result;
  }

  #keeperPorts(): KeeperPorts {
    return {
      load: async () => this.state,
      save: async (state) => {
        this.state = state;
      },
      readCopy: async () => {
        if (this.down.kvReads.size > 0) throw new Error("KV GET failed: 503");
        return this.ringInKv.read();
      },
      writeCopy: async (text) => {
        if (!this.down.kvWrites) return this.ringInKv.write(text);
        // A write that is reported as failed may have happened all the same.
        if (this.#random.chance(0.3)) this.ringInKv.write(text);
        throw new Error("KV PUT failed: 503");
      },
      decode: (text) => this.#decode(text),
      custody: async () => simulatedCustody(this.keeperSecrets, this.#made),
    };
  }

  #isolate(location: number): Isolate {
    const half = this.nature.clockSkew / 2;
    const isolate: Isolate = {
      keys: undefined as unknown as SigningKeys,
      location,
      skew: this.#random.pick([-half, half, this.#random.between(-half, half)]),
      jump: 0,
      secrets: this.keeperSecrets,
      settings: undefined,
      lastSequence: 0,
    };
    isolate.keys = this.#reader(isolate);
    return isolate;
  }

  #reader(isolate: Isolate): SigningKeys {
    const ports: SigningKeysPorts = {
      readKv: async () => {
        if (this.down.kvReads.has(isolate.location)) throw new Error("KV GET failed: 503");
        return this.ringInKv.read();
      },
      openCopy: simulatedCopies(() => isolate.secrets).open,
      reportCopy: () => {},
      askKeeper: (settings) => this.#ask(settings, this.#clocks(isolate)),
      decode: (text) => this.#decode(text),
      importKey: simulatedImport(() => isolate.secrets),
    };
    return new SigningKeys(this.weakness.reader?.(ports) ?? ports, this.timing);
  }

  /** What the Durable Object does with a question. */
  async #ask(settings: KeySettings, clocks: Clocks): Promise<string> {
    if (this.down.keeper) throw new Error("the object does not answer");
    const run = (): Promise<void> => this.#run(settings, { clocks, from: "reader" }).catch(() => {});
    return this.#alone(() => serveRing(this.#keeper, settings, clocks, run, this.#keeperTiming));
  }

  #decode(text: string): ReturnType<typeof decodeRing> {
    let ring = this.#decoded.get(text);
    if (ring === undefined) {
      ring = decodeRing(text);
      this.#decoded.set(text, ring);
    }
    return ring;
  }
}

/** Runs a request; what it leaves for after its answer is done after its answer. */
export async function inIsolate<T>(
  isolate: Isolate,
  request: (keys: Isolate["keys"], background: Background) => Promise<T>,
): Promise<T> {
  const later: Promise<unknown>[] = [];
  const answer = await request(isolate.keys, (work) => void later.push(work));
  await Promise.all(later);
  return answer;
}
