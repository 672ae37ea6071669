/**
 * How long the news of a signing key takes to reach everyone who must know it, and what follows for a rotation: when a
 * key is published before it signs, how long it signs, how long it stays published. All values are seconds.
 */
export interface Timing {
  /** A KV write reaches every location, negative caches included. Cloudflare documents "60 seconds or more". */
  readonly kvDelay: number;
  /** An isolate's copy of the ring is renewed in the background from this age on. */
  readonly refreshAfter: number;
  /** … and before it is used from this age on. */
  readonly copyLimit: number;
  /** `max-age` of the published documents, shared caches included. */
  readonly maxAge: number;
  /** The longest interval at which a relying party renews its keys without being made to (Envoy 10 min, Istio 20 min). */
  readonly relyingPartyRefresh: number;
  /** How long a relying party that refetches on an unknown kid waits between two fetches (jose 30 s). */
  readonly refetchCooldown: number;
  /** `spiffe_refresh_hint`, and how many of them a key is published ahead of its use (SPIFFE Federation §4.1: 3 to 5). */
  readonly refreshHint: number;
  readonly hintsAhead: number;
  /** The longest lifetime of an SVID, the leeway that a relying party grants it, and the error of any two clocks. */
  readonly maxTtl: number;
  readonly leeway: number;
  readonly clockSkew: number;
  /** Cron: its period, how many runs in a row may be missed, and how late one may be. */
  readonly cronPeriod: number;
  readonly missedCrons: number;
  readonly cronLateness: number;
  /** What a rotation takes where `rotateEvery` leaves room for it: a day of caching and the way there, two days without cron. */
  readonly preferredLead: number;
  readonly preferredMargin: number;
  readonly preferredRetention: number;
  /** A key may go on signing this long into the life of its successor. */
  readonly overlap: number;
  /** With cron dead, the last key signs this long past its rotation. Nothing is wrong with the key; /healthz says it. */
  readonly deadCronGrace: number;
  /** A new sealing key is used once every running Worker has had it for this long. */
  readonly sealingSettles: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const TIMING: Timing = {
  kvDelay: 3 * MINUTE,
  refreshAfter: MINUTE,
  copyLimit: 2 * MINUTE,
  maxAge: 5 * MINUTE,
  relyingPartyRefresh: HOUR,
  refetchCooldown: 30,
  refreshHint: 5 * MINUTE,
  hintsAhead: 5,
  maxTtl: HOUR,
  leeway: 5 * MINUTE,
  clockSkew: MINUTE,
  cronPeriod: HOUR,
  missedCrons: 2,
  cronLateness: 15 * MINUTE,
  preferredLead: 25 * HOUR,
  preferredMargin: 2 * DAY,
  preferredRetention: DAY,
  overlap: HOUR,
  deadCronGrace: 30 * DAY,
  sealingSettles: HOUR,
};

/** The range of `keys.rotateEvery`, and its default. What the range allows must still fit the bounds below. */
export const ROTATE_EVERY = { least: HOUR, most: 90 * DAY, usual: 7 * DAY } as const;

/** What a kind of reader demands of the time between the publication of a key and its first signature. */
interface LeadBound {
  readonly demandedBy: string;
  readonly seconds: (timing: Timing) => number;
}

const LEAD_BOUNDS: readonly LeadBound[] = [
  {
    demandedBy: "relying parties that renew their keys once an hour",
    seconds: (timing) =>
      everyoneReads(timing) +
      timing.maxAge +
      Math.max(timing.relyingPartyRefresh, timing.refetchCooldown) +
      timing.clockSkew,
  },
  {
    demandedBy: "SPIFFE bundles, five refresh hints ahead",
    seconds: (timing) => everyoneReads(timing) + timing.hintsAhead * timing.refreshHint,
  },
  { demandedBy: "a common view of all locations", seconds: (timing) => 2 * everyoneReads(timing) },
];

/** Seconds after a KV write within which every isolate of every location works with it. */
export function everyoneReads(timing: Timing): number {
  return timing.kvDelay + timing.copyLimit;
}

/** The least time between publication and first signature that no reader of a key can notice. */
export function leastLead(timing: Timing): number {
  return Math.max(...LEAD_BOUNDS.map((bound) => bound.seconds(timing)));
}

/**
 * How much earlier than its due time a key is made, so that missed and late cron runs cost nothing: nor that one run
 * found the key not yet due by a slow clock and the next one stamped it by a fast one.
 */
export function leastMargin(timing: Timing): number {
  return (timing.missedCrons + 1) * timing.cronPeriod + timing.cronLateness + timing.clockSkew;
}

/** How long after its last signature a key stays published: until no SVID of it is valid anywhere. */
export function leastRetention(timing: Timing): number {
  return timing.maxTtl + timing.leeway + timing.clockSkew;
}

/** The life of a key under one `rotateEvery`, in seconds. */
export interface RotationPlan {
  /** From one key's first signature to the next one's. */
  readonly period: number;
  /** From the publication of a key to its first signature, at least. */
  readonly lead: number;
  /** A successor is made this much earlier than its lead demands. */
  readonly margin: number;
  /** From the successor's first signature to this key's last. */
  readonly overlap: number;
  /** From the last signature to the end of publication. */
  readonly retention: number;
  /** How long a key without a successor may sign. */
  readonly lifeWithoutSuccessor: number;
}

/** Long rotations take the preferred values; short ones as much of them as fits, never less than the bounds. */
export function rotationPlan(rotateEverySeconds: number, timing: Timing = TIMING): RotationPlan {
  const period = rotateEverySeconds;
  const lead = between(leastLead(timing), period - leastMargin(timing), timing.preferredLead);
  return {
    period,
    lead,
    margin: Math.min(timing.preferredMargin, period - lead),
    overlap: timing.overlap,
    retention: between(leastRetention(timing), period / 2, timing.preferredRetention),
    lifeWithoutSuccessor: period + timing.deadCronGrace,
  };
}

/** @returns which bound a `rotateEvery` breaks and by how much, as one sentence; `undefined` where it is good. */
export function rotationProblem(rotateEverySeconds: number, timing: Timing = TIMING): string | undefined {
  const { least, most } = ROTATE_EVERY;
  if (rotateEverySeconds < least) {
    return `rotateEvery is ${duration(least - rotateEverySeconds)} under its least value, ${duration(least)}`;
  }
  if (rotateEverySeconds > most) {
    return `rotateEvery is ${duration(rotateEverySeconds - most)} over its greatest value, ${duration(most)}`;
  }
  const margin = leastMargin(timing);
  const lead = leastLead(timing);
  const missing = lead + margin - rotateEverySeconds;
  if (missing <= 0) return undefined;
  const strictest = LEAD_BOUNDS.find((bound) => bound.seconds(timing) === lead);
  return (
    `rotateEvery is ${duration(missing)} too short: a key is published ${duration(lead)} before it signs, for ` +
    `${strictest?.demandedBy}, and made ${duration(margin)} before that, for ${timing.missedCrons} missed cron runs`
  );
}

function between(least: number, wanted: number, most: number): number {
  return Math.max(least, Math.min(Math.floor(wanted), most));
}

/** Seconds in the units of the trust document, for example `1h11m`. */
function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / DAY), "d"],
    [Math.floor(seconds / HOUR) % 24, "h"],
    [Math.floor(seconds / MINUTE) % 60, "m"],
    [seconds % MINUTE, "s"],
  ] as const;
  const shown = parts.filter(([amount]) => amount > 0).map(([amount, unit]) => `${amount}${unit}`);
  return shown.join("") || "0s";
}
