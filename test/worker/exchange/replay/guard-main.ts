import type { DurableObjectNamespace } from "@cloudflare/workers-types";
import type { VerifiedClaims } from "../../../../shared/claims.ts";
import type { AllowedIssuer } from "../../../../shared/trust/model/issuer.ts";
import { consume } from "../../../../worker/exchange/replay/consume.ts";
import { ReplayGuard } from "../../../../worker/exchange/replay/guard.ts";

interface Use {
  readonly issuer: AllowedIssuer;
  readonly claims: VerifiedClaims;
  readonly audience: string;
  /** How many answers of the guard get lost on their way, each after the guard has done its work. */
  readonly lost: number;
  /** How many tokens of this kind are used, one after the other. */
  readonly times: number;
}

/** A guard whose rows a test can count, and whose room ends soon. */
export class CountingGuard extends ReplayGuard {
  protected override readonly maxBytes = 32 * 1024;

  rows(): number {
    return this.ctx.storage.sql.exec<{ count: number }>("SELECT COUNT(*) AS count FROM used").one().count;
  }
}

interface Env {
  readonly REPLAY: DurableObjectNamespace<CountingGuard>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method === "GET") return Response.json(await rowsOf(env.REPLAY));
    const { issuer, claims, audience, lost, times } = (await request.json()) as Use;
    const outcomes = new Set<string>();
    for (let i = 0; i < times; i++) {
      const numbered = times === 1 ? claims : { ...claims, jti: `${claims["jti"]} ${i}` };
      const used = await consume(losing(env.REPLAY, lost), issuer, numbered as VerifiedClaims, audience);
      outcomes.add(used.ok ? "ok" : used.error.code);
    }
    return new Response([...outcomes].join());
  },
};

async function rowsOf(guards: Env["REPLAY"]): Promise<number> {
  const counts = [..."0123456789abcdef"].map((digit) => guards.getByName(`shard-${digit}`).rows());
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

function losing(guards: Env["REPLAY"], lost: number): Env["REPLAY"] {
  let left = lost;
  const getByName = (name: string) => {
    const guard = guards.getByName(name);
    const use = async (token: string, attempt: string, keptUntil: number) => {
      const answer = await guard.use(token, attempt, keptUntil);
      if (left-- > 0) throw new Error("network connection lost");
      return answer;
    };
    return { use };
  };
  return { getByName } as unknown as Env["REPLAY"];
}
