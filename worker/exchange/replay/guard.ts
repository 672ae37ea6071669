import { DurableObject } from "cloudflare:workers";
import type { AlarmInvocationInfo, DurableObjectState, SqlStorage } from "@cloudflare/workers-types";
import { MAX_REPLAY_BYTES, REPLAY_SWEEP_ROWS, REPLAY_SWEEP_SECONDS } from "../../limits.ts";

/** What became of a use: it is the first, the token was used before, or the guard has no room to tell. */
export type Use = "first" | "again" | "full";

/**
 * Remembers which subject tokens were used. One object holds one shard of them, runs one call at a time and answers
 * only once its storage is durable, so of many concurrent uses exactly one is the first.
 */
export class ReplayGuard extends DurableObject<unknown> {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: unknown) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#sql.exec(
      "CREATE TABLE IF NOT EXISTS used (token TEXT PRIMARY KEY, attempt TEXT NOT NULL, kept_until INTEGER NOT NULL) WITHOUT ROWID",
    );
    this.#sql.exec("CREATE INDEX IF NOT EXISTS used_by_time ON used (kept_until)");
  }

  /**
   * Uses a token, once. The same attempt may ask again, since its first answer may have been lost on the way.
   *
   * @param token names the token; two uses that must not both happen have the same name.
   * @param attempt names the exchange that asks.
   * @param keptUntil Unix seconds from when on the token is refused anyway.
   */
  async use(token: string, attempt: string, keptUntil: number): Promise<Use> {
    const before = this.#attemptOf(token);
    if (before !== undefined) return before === attempt ? "first" : "again";
    if (this.#sql.databaseSize >= MAX_REPLAY_BYTES) return "full";
    this.#sql.exec("INSERT INTO used VALUES (?, ?, ?)", token, attempt, keptUntil);
    const sweep = await this.ctx.storage.getAlarm();
    if (sweep === null || sweep > keptUntil * 1000) await this.#sweepAt(keptUntil);
    return "first";
  }

  /** Whether a token was used. */
  async wasUsed(token: string): Promise<boolean> {
    return this.#attemptOf(token) !== undefined;
  }

  /** Forgets the use of a token by the attempt that was its first, and by no other. */
  async giveBack(token: string, attempt: string): Promise<void> {
    this.#sql.exec("DELETE FROM used WHERE token = ? AND attempt = ?", token, attempt);
  }

  /** Forgets what has expired, a bounded part at a time. */
  override async alarm(alarm?: AlarmInvocationInfo): Promise<void> {
    const now = Math.floor((alarm?.scheduledTime ?? 0) / 1000);
    this.#sql.exec(
      "DELETE FROM used WHERE token IN (SELECT token FROM used WHERE kept_until <= ? LIMIT ?)",
      now,
      REPLAY_SWEEP_ROWS,
    );
    const { next } = this.#sql
      .exec<{ next: number | null }>("SELECT MIN(kept_until) AS next FROM used")
      .one();
    if (next !== null) await this.#sweepAt(Math.max(next, now + REPLAY_SWEEP_SECONDS));
  }

  #attemptOf(token: string): string | undefined {
    return this.#sql.exec<{ attempt: string }>("SELECT attempt FROM used WHERE token = ?", token).toArray()[0]
      ?.attempt;
  }

  #sweepAt(seconds: number): Promise<void> {
    return this.ctx.storage.setAlarm(seconds * 1000);
  }
}
