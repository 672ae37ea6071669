import type { Background } from "./moment.ts";
import type { Services } from "./services.ts";

/** What cron does: takes up a new trust document, then lets the keeper bring the key ring to `now` (Unix seconds). */
export async function maintain(services: Services, now: number, background: Background): Promise<void> {
  await services.trust.refresh(now, background);
  const trust = await services.trust.current(now, background);
  if (trust.ok) await services.advanceKeys(trust.value.config.keys, now);
}
