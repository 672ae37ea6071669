import { type RolloverIntervals, rolloverIntervals, type Timing } from "../../../shared/key-timing.ts";
import type { KeySettings } from "./ring.ts";

/** The time of a plan, in Unix seconds. */
export interface PlanTime {
  /** What can be undone goes by this time. */
  readonly now: number;
  /** The times between which the true one lies, if nothing else is known. What can't be undone is due by both of them. */
  readonly earliest: number;
  readonly latest: number;
  /** Whether nothing has spoken against the clocks for a day. */
  readonly isSettled: boolean;
}

/** A time that nothing speaks against. */
export function sureTime(now: number): PlanTime {
  return { now, earliest: now, latest: now, isSettled: true };
}

/** What a ring is planned by. */
export interface PlanRules extends PlanTime {
  readonly settings: KeySettings;
  readonly timing: Timing;
  readonly intervals: RolloverIntervals;
}

export function planRules(time: PlanTime, settings: KeySettings, timing: Timing): PlanRules {
  return { ...time, settings, timing, intervals: rolloverIntervals(settings.rotateEverySeconds, timing) };
}

/** A key that becomes active before this instant must have a successor in the ring, which is ready by then. */
export function horizon({ now, intervals }: PlanRules): number {
  return now + intervals.publicationInterval + intervals.publishSafety;
}
