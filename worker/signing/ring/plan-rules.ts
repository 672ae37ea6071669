import { type RolloverIntervals, rolloverIntervals, type Timing } from "../../../shared/key-timing.ts";
import type { KeySettings } from "./ring.ts";

/** What a ring is planned by. */
export interface PlanRules {
  /** Unix seconds. */
  readonly now: number;
  readonly settings: KeySettings;
  readonly timing: Timing;
  readonly intervals: RolloverIntervals;
}

export function planRules(now: number, settings: KeySettings, timing: Timing): PlanRules {
  return { now, settings, timing, intervals: rolloverIntervals(settings.rotateEverySeconds, timing) };
}

/** A key that becomes active before this instant must have a successor in the ring, which is ready by then. */
export function horizon({ now, intervals }: PlanRules): number {
  return now + intervals.publicationInterval + intervals.publishSafety;
}
