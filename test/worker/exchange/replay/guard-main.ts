import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import type { VerifiedClaims } from "../../../../shared/claims.ts";
import type { AllowedIssuer } from "../../../../shared/trust/model/issuer.ts";
import { checkUnused, consume } from "../../../../worker/exchange/replay/consume.ts";
import { ReplayGuard as RealGuard } from "../../../../worker/exchange/replay/guard.ts";

export { KeyKeeper } from "../../../../worker/signing/keeper/keeper.ts";

interface Use {
  readonly issuer: AllowedIssuer;
  readonly claims: VerifiedClaims;
  readonly audience: string;
  /** How many answers of the guard get lost on their way, each after the guard has done its work. */
  readonly lost: number;
  /** How many tokens of this kind are used, one after the other. */
  readonly times: number;
  /** `check`: the guard is asked without using the token. `give-back`: the use is given back. */
  readonly mode: "use" | "give-back" | "check";
}

/** What the shards hold, together. */
export interface Held {
  readonly rows: number;
  /** The earliest instant for which a shard has set its alarm, in Unix seconds. */
  readonly nextSweep: number | null;
}

/** The guard, whose rows a test can count and whose alarm it can bring forward. */
export class ReplayGuard extends RealGuard {
  async held(): Promise<Held> {
    const { rows } = this.ctx.storage.sql.exec<{ rows: number }>("SELECT COUNT(*) AS rows FROM used").one();
    const alarm = await this.ctx.storage.getAlarm();
    return { rows, nextSweep: alarm && alarm / 1000 };
  }

  /** What the platform does once it is this late, in Unix seconds: where an alarm is due, it is taken and run. */
  async sweep(at: number): Promise<void> {
    const due = await this.ctx.storage.getAlarm();
    if (due === null || due > at * 1000) return;
    await this.ctx.storage.deleteAlarm();
    await this.alarm({ scheduledTime: at * 1000, isRetry: false, retryCount: 0 });
  }
}

interface Env {
  readonly REPLAY: DurableObjectNamespace<ReplayGuard>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const sweepAt = new URL(request.url).searchParams.get("sweep");
    if (sweepAt !== null) await Promise.all(shards(env).map((shard) => shard.sweep(Number(sweepAt))));
    if (request.method === "GET") return Response.json(await heldBy(env));
    const { issuer, claims, audience, lost, times, mode } = (await request.json()) as Use;
    const outcomes = new Set<string>();
    for (let i = 0; i < times; i++) {
      const numbered = times === 1 ? claims : { ...claims, jti: `${claims["jti"]} ${i}` };
      const guards = losing(env.REPLAY, lost);
      const used = await (mode === "check"
        ? checkUnused(guards, issuer, numbered as VerifiedClaims, audience)
        : consume(guards, issuer, numbered as VerifiedClaims, audience));
      outcomes.add(used.ok ? "ok" : used.error.code);
      if (used.ok && used.value !== undefined && mode === "give-back") await used.value.giveBack();
    }
    return new Response([...outcomes].join());
  },
};

const shards = ({ REPLAY }: Env) =>
  [..."0123456789abcdef"].map((digit) => REPLAY.getByName(`shard-${digit}`));

async function heldBy(env: Env): Promise<Held> {
  const all = await Promise.all(shards(env).map((shard) => shard.held()));
  const sweeps = all.map(({ nextSweep }) => nextSweep).filter((sweep) => sweep !== null);
  return {
    rows: all.reduce((sum, { rows }) => sum + rows, 0),
    nextSweep: sweeps.length === 0 ? null : Math.min(...sweeps),
  };
}

function losing(guards: Env["REPLAY"], lost: number): Env["REPLAY"] {
  let left = lost;
  const getByName = (name: string) => {
    const guard = guards.getByName(name);
    const lossy =
      <A extends unknown[], T>(call: (...args: A) => Promise<T>) =>
      async (...args: A): Promise<T> => {
        const answer = await call(...args);
        if (left-- > 0) throw new Error("network connection lost");
        return answer;
      };
    return {
      use: lossy((token: string, attempt: string, keptUntil: number) => guard.use(token, attempt, keptUntil)),
      wasUsed: lossy((token: string) => guard.wasUsed(token)),
      giveBack: lossy((token: string, attempt: string) => guard.giveBack(token, attempt)),
    };
  };
  return { getByName } as unknown as Env["REPLAY"];
}
