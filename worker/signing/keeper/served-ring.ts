import { hasPassed } from "../../../shared/elapsed.ts";
import { minPublicationInterval, TIMING, type Timing } from "../../../shared/key-timing.ts";
import { RING_ASK_AGAIN_SECONDS } from "../../limits.ts";
import type { KeySettings, Ring, Sealed } from "../ring/ring.ts";
import { planRing } from "../ring/ring-plan.ts";
import { signingKey } from "../ring/signing-key.ts";
import { heldRings } from "./held-rings.ts";
import { KeeperFailure, type KeeperPorts, type KeeperState } from "./keeper-ports.ts";
import { type Clocks, type KeeperTime, keeperTime } from "./keeper-time.ts";
import { isCopyAuthenticated } from "./kv-copy.ts";

/**
 * The original of the ring, for a reader whom KV does not help.
 *
 * @param run brings the ring up to date, where the reader cannot wait for cron. Where it fails, it says so itself: the
 *   ring that there is still serves.
 * @throws KeeperFailure where there is no ring.
 */
export async function serveRing(
  ports: Pick<KeeperPorts, "load" | "decode">,
  settings: KeySettings,
  clocks: Clocks,
  run: () => Promise<void>,
  timing: Timing = TIMING,
): Promise<string> {
  const before = await ports.load();
  const time = keeperTime(clocks, before?.clock, timing);
  if (isUrgent(ports, before, settings, time, timing)) await run();
  const state = await ports.load();
  const served = state === undefined ? undefined : servedRing(ports, state, settings, time.now, timing);
  if (served === undefined) throw new KeeperFailure("no_ring", "the keeper has no ring");
  return served;
}

/** Whether a reader can't wait for cron: there is no ring, KV has no MAC of it, none of its keys can sign, or one is revoked. */
function isUrgent(
  { decode }: Pick<KeeperPorts, "decode">,
  state: KeeperState | undefined,
  settings: KeySettings,
  time: KeeperTime,
  timing: Timing,
): boolean {
  const held = state === undefined ? undefined : heldRings(decode, state);
  if (state === undefined || held === undefined) return true;
  const needsCopy = state.pending !== null || !isCopyAuthenticated(state);
  if (needsCopy && !hasPassed(RING_ASK_AGAIN_SECONDS, state.triedAt, time.now)) return false;
  if (!isCopyAuthenticated(state)) return true;
  if (held.base.keys.some((key) => settings.revoked.has(key.kid))) return true;
  const { vacancies } = planRing(held.base, time, settings, timing);
  return vacancies.some((vacancy) => vacancy.activateAt <= time.now);
}

/** The ring that readers get: the unconfirmed one only where it can sign with more algorithms than the published one. */
function servedRing(
  { decode }: Pick<KeeperPorts, "decode">,
  state: KeeperState,
  settings: KeySettings,
  now: number,
  timing: Timing,
): string | undefined {
  const held = heldRings(decode, state);
  const { published, pending } = state;
  if (held?.unconfirmed === undefined) return published ?? pending ?? undefined;
  const signs = (ring: Ring<Sealed>): number =>
    settings.algorithms.filter((algorithm) =>
      signingKey(ring, algorithm, now, settings.revoked, minPublicationInterval(timing)),
    ).length;
  return (signs(held.unconfirmed) > signs(held.base) ? pending : published) ?? undefined;
}
