import { leastLead, leastMargin, leastRetention, TIMING, type Timing } from "../../shared/key-timing.ts";

/**
 * Times at their bounds: no value is longer than the inequalities demand, so nothing but them keeps the laws. The
 * preferred values of `TIMING` are longer.
 */
export const AT_THE_BOUNDS: Timing = {
  ...TIMING,
  preferredLead: leastLead(TIMING),
  preferredMargin: leastMargin(TIMING),
  preferredRetention: leastRetention(TIMING),
  overlap: 600,
};

export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** The shortest `rotateEvery` that the bounds allow: there the least time passes between any two events. */
export const SHORTEST = leastLead(TIMING) + leastMargin(TIMING);
