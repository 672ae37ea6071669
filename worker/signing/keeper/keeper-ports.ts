import type { Result } from "../../../shared/result.ts";
import type { SvidAlgorithm } from "../../../shared/svid.ts";
import type { Ring, RingKey, Sealed } from "../ring/ring.ts";
import type { decodeRing } from "../ring/ring-codec.ts";
import type { NewKey } from "../ring/ring-plan.ts";
import type { RingCopies } from "../ring-copy.ts";
import type { PrivateMembers, SealFailure } from "../seal.ts";
import type { KeeperTime, KnownTime } from "./keeper-time.ts";

/** What the keeper remembers between two calls: rings as `encodeRing` writes them, times in Unix seconds. */
export interface KeeperState {
  /** The ring whose copy is in KV: what everyone works with. */
  readonly published: string | null;
  /** Its successor, where KV did not confirm the copy. */
  readonly pending: string | null;
  /** When the copy was last written, and when that was last tried. */
  readonly copiedAt: number;
  readonly triedAt: number;
  /** When the copy was last written with a MAC. It differs from `copiedAt` where a Worker wrote the copy that made no MACs. */
  readonly authenticatedAt?: number;
  readonly clock?: KnownTime;
  /** The key-encryption key that was last configured, and since when: it seals only once every running Worker has it. */
  readonly sealing: { readonly kek: string; readonly since: number } | null;
}

/** Custody of the private keys: opening, sealing and making them, and vouching for the ring that holds them. */
export interface KeyCustody {
  /** The ids of the key-encryption keys, the current one first. */
  readonly keks: readonly [string, ...string[]];
  open(key: RingKey<Sealed>, sequence: number): Promise<Result<PrivateMembers, SealFailure>>;
  seal(ring: Ring<PrivateMembers>, kek: string): Promise<Ring<Sealed>>;
  generate(algorithm: SvidAlgorithm): Promise<NewKey<PrivateMembers>>;
  readonly copies: RingCopies;
}

/** Where the keeper keeps its state, and the KV copy that everyone reads. */
export interface KeeperPorts {
  load(): Promise<KeeperState | undefined>;
  save(state: KeeperState): Promise<void>;
  readCopy(): Promise<string | null>;
  writeCopy(copy: string): Promise<void>;
  custody(): Promise<KeyCustody>;
  readonly decode: typeof decodeRing;
}

/** What one run did. `copied` is false where KV did not confirm the copy: the next run tries again. */
export interface KeeperRun {
  readonly changed: boolean;
  readonly copied: boolean;
  readonly time: KeeperTime["kind"];
}

/** The keeper can't go on, and nothing was changed. */
export class KeeperFailure extends Error {
  readonly code: "kek_invalid" | "kek_unknown" | "copy_invalid" | "no_ring" | "clocks_differ";

  constructor(code: KeeperFailure["code"], message: string) {
    super(message);
    this.code = code;
  }
}
