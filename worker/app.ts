import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import { deny } from "../shared/denial.ts";
import type { Env } from "./env.ts";
import { respondDenial } from "./http/respond.ts";
import { route } from "./http/router.ts";
import { logFailure } from "./log.ts";
import type { Background } from "./moment.ts";
import { createServices, type Services } from "./services.ts";

/** The Worker's handlers around one clock, which gives Unix seconds. An app is what one isolate remembers. */
export function createApp(clock: () => number) {
  let services: Services | undefined;
  const servicesOf = (env: Env): Services => {
    services ??= createServices(env);
    return services;
  };

  return {
    async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
      const requestId = crypto.randomUUID();
      try {
        const call = { request, now: clock(), background: backgroundOf(ctx), requestId };
        return await route({ ...call, services: servicesOf(env) });
      } catch (cause) {
        logFailure(`request ${requestId}`)(cause);
        return respondDenial(deny("internal_error", "The exchange failed."), requestId);
      }
    },

    /** Cron. Everything that it does is idempotent, so missed, late and doubled runs are harmless. */
    async scheduled(_controller: ScheduledController, env: Env, ctx: ExecutionContext): Promise<void> {
      try {
        await maintain(servicesOf(env), clock(), backgroundOf(ctx));
      } catch (cause) {
        logFailure("scheduled run")(cause);
        // Cloudflare counts a run as failed by what it throws, and keeps the message, which may quote anything.
        throw new Error("The scheduled run failed, and the log says where.");
      }
    },
  };
}

/** Takes up a new trust document, then lets the keeper bring the key ring to `now` (Unix seconds). */
async function maintain(services: Services, now: number, background: Background): Promise<void> {
  await services.trust.refresh(now, background);
  const trust = await services.trust.current(now, background);
  if (trust.ok) await services.advanceKeys(trust.value.config.keys, now);
}

function backgroundOf(ctx: ExecutionContext): Background {
  return (work) => ctx.waitUntil(work.catch(logFailure("background")));
}
