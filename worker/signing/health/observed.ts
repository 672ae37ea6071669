import type { SealFailure } from "../seal.ts";

/** What went wrong on the way to the ring. */
export type SourceFailure =
  | "kv_unreadable"
  | "kv_missing"
  | "kv_invalid"
  | "kv_unauthenticated"
  | "kv_behind"
  | "keeper_unreachable";

/** Why a key could not be imported. `kek_invalid`: a secret of this Worker is missing or malformed. */
export type ImportFailure = SealFailure | "kek_invalid";

/** What an isolate knows besides its ring. */
export interface Observed {
  /** Since when (Unix seconds) each source has failed. */
  readonly failures: ReadonlyMap<SourceFailure, number>;
  /** The kids of the keys that could not be imported. */
  readonly broken: ReadonlyMap<string, ImportFailure>;
  readonly revoked: ReadonlySet<string>;
}
