import {
  minPublicationInterval,
  minPublishSafety,
  minRetireInterval,
  TIMING,
  type Timing,
} from "../../shared/key-timing.ts";

/**
 * Times at their bounds: no value is longer than the inequalities demand, so nothing but them keeps the laws. The
 * preferred values of `TIMING` are longer.
 */
export const AT_THE_BOUNDS: Timing = {
  ...TIMING,
  preferredPublicationInterval: minPublicationInterval(TIMING),
  preferredPublishSafety: minPublishSafety(TIMING),
  preferredRetireInterval: minRetireInterval(TIMING),
  signingDelay: 600,
};

export const HOUR = 3_600;
export const DAY = 24 * HOUR;

/** The shortest `rotateEvery` that the bounds allow: there the least time passes between any two events. */
export const SHORTEST = minPublicationInterval(TIMING) + minPublishSafety(TIMING);
