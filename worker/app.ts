import type { ExecutionContext, ScheduledController } from "@cloudflare/workers-types";
import { deny } from "../shared/denial.ts";
import type { Env } from "./env.ts";
import { respondDenial } from "./http/respond.ts";
import { route } from "./http/router.ts";
import { logFailure } from "./log.ts";
import type { Moment } from "./moment.ts";
import { createServices, type Services } from "./services.ts";

/** The Worker's handlers around one clock, which gives Unix seconds. An isolate has one app, and the app its memory. */
export function createApp(clock: () => number) {
  let services: Services | undefined;
  const servicesOf = (env: Env): Services => {
    services ??= createServices(env);
    return services;
  };
  const momentOf = (ctx: ExecutionContext): Moment => ({
    now: clock(),
    background: (work) => ctx.waitUntil(work.catch(logFailure("background"))),
  });

  return {
    async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
      const requestId = crypto.randomUUID();
      try {
        const moment = momentOf(ctx);
        const services = servicesOf(env);
        const trust = await services.trust.current(moment);
        return await route({ ...moment, request, requestId, services, trust });
      } catch (cause) {
        logFailure(`request ${requestId}`)(cause);
        return respondDenial(deny("internal_error", "The exchange failed."), requestId);
      }
    },

    /** Cron. Everything that it does is idempotent, so missed, late and doubled runs are harmless. */
    async scheduled(_controller: ScheduledController, env: Env, ctx: ExecutionContext): Promise<void> {
      try {
        await maintain(servicesOf(env), momentOf(ctx));
      } catch (cause) {
        logFailure("scheduled run")(cause);
        // Cloudflare counts a run as failed by what it throws, and keeps the message, which may quote anything.
        throw new Error("The scheduled run failed, and the log says where.");
      }
    },
  };
}

/** Takes up a new trust document, then lets the keeper bring the key ring to this moment. */
async function maintain({ trust, advanceKeys }: Services, moment: Moment): Promise<void> {
  await trust.refresh(moment);
  const current = await trust.current(moment);
  if (current.ok) await advanceKeys(current.value.config.keys, moment.now);
}
