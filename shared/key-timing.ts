/**
 * The timing of a key rollover, in the words of RFC 7583 (DNSSEC Key Rollover Timing Considerations). Our published
 * documents stand for its DNSKEY record set, relying parties for its resolvers, SVIDs for its signatures. `publish
 * safety` is a word of BIND 9 (`dnssec-policy`). All values are seconds.
 */
export interface Timing {
  /** A KV write reaches every location, negative caches included. Cloudflare documents "60 seconds or more". */
  readonly kvDelay: number;
  /** An isolate refreshes its cached ring in the background from this age on. */
  readonly refreshAfter: number;
  /** … and before it uses it from this age on. */
  readonly staleAfter: number;
  /** `max-age` of the published documents, shared caches included: TTLkey (RFC 7583 §3.2.1). */
  readonly maxAge: number;
  /** The longest interval at which a relying party renews its keys without being made to (Envoy 10 min, Istio 20 min). */
  readonly relyingPartyRefresh: number;
  /** How long a relying party that refetches on an unknown kid waits between two fetches (jose 30 s). */
  readonly refetchCooldown: number;
  /** `spiffe_refresh_hint`, and how many of them a key is published ahead of its use (SPIFFE Federation §4.1: 3 to 5). */
  readonly refreshHint: number;
  readonly hintsAhead: number;
  /** The longest lifetime of an SVID: TTLsig (RFC 7583 §3.2.1). */
  readonly maxTtl: number;
  /** The leeway that a relying party grants to an `exp`, and the error between any two clocks. */
  readonly leeway: number;
  readonly clockSkew: number;
  /** Cron: its period, how many runs in a row may be missed, and how late one may be. */
  readonly cronPeriod: number;
  readonly missedCrons: number;
  readonly cronLateness: number;
  /** The intervals of a rollover where `rotateEvery` leaves room: a day of caching and the way there, two days without cron. */
  readonly preferredPublicationInterval: number;
  readonly preferredPublishSafety: number;
  readonly preferredRetireInterval: number;
  /** Signing delay: see `RolloverIntervals`. */
  readonly signingDelay: number;
  /** Without cron, the last key signs for this long after its lifetime. The key is as good as before; /healthz reports it. */
  readonly graceWithoutCron: number;
  /** A deployment's propagation delay: a new key-encryption key seals once every running Worker has had it for this long. */
  readonly deploymentDelay: number;
  /** How far the keeper's clock may be from its caller's: the error of each of them, and what a call takes. */
  readonly clockTolerance: number;
  /** After a jump of the clocks the keeper erases and removes nothing for this long. */
  readonly clockSettling: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const TIMING: Timing = {
  kvDelay: 3 * MINUTE,
  refreshAfter: MINUTE,
  staleAfter: 2 * MINUTE,
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
  preferredPublicationInterval: 25 * HOUR,
  preferredPublishSafety: 2 * DAY,
  preferredRetireInterval: DAY,
  signingDelay: HOUR,
  graceWithoutCron: 30 * DAY,
  deploymentDelay: HOUR,
  clockTolerance: 2 * MINUTE,
  clockSettling: DAY,
};

/** What one kind of reader demands of the publication interval. */
interface PublicationBound {
  readonly demandedBy: string;
  readonly seconds: (timing: Timing) => number;
}

const PUBLICATION_BOUNDS: readonly PublicationBound[] = [
  {
    demandedBy: "relying parties that renew their keys once an hour",
    seconds: (timing) =>
      propagationDelay(timing) +
      timing.maxAge +
      Math.max(timing.relyingPartyRefresh, timing.refetchCooldown) +
      timing.clockSkew,
  },
  {
    demandedBy: "readers of the SPIFFE bundle, by five refresh hints,",
    seconds: (timing) => propagationDelay(timing) + timing.hintsAhead * timing.refreshHint,
  },
  { demandedBy: "all locations", seconds: (timing) => 2 * propagationDelay(timing) },
];

/** Propagation delay, Dprp (RFC 7583 §3.2.1): after it every isolate of every location works with a written ring. */
export function propagationDelay(timing: Timing): number {
  return timing.kvDelay + timing.staleAfter;
}

/**
 * The shortest publication interval, Ipub (RFC 7583 §3.2.1), and what demands it. Ipub = Dprp + TTLkey there; a relying
 * party's own refresh and its clock come on top here.
 */
export function minPublicationInterval(timing: Timing): number {
  return strictestBound(timing).seconds(timing);
}

/** The kind of reader that demands the longest publication interval. */
export function strictestBound(timing: Timing): PublicationBound {
  return PUBLICATION_BOUNDS.reduce((strictest, bound) =>
    bound.seconds(timing) > strictest.seconds(timing) ? bound : strictest,
  );
}

/**
 * The shortest publish safety (BIND 9): missed and late cron runs delay no activation, nor does a run that finds a key
 * not yet due by a slow clock before the next one publishes it by a fast clock.
 */
export function minPublishSafety(timing: Timing): number {
  return (timing.missedCrons + 1) * timing.cronPeriod + timing.cronLateness + timing.clockSkew;
}

/** The shortest retire interval: after it no SVID of a retired key is valid anywhere. */
export function minRetireInterval(timing: Timing): number {
  return timing.maxTtl + timing.leeway + timing.clockSkew;
}

/** The intervals of a rollover under one `rotateEvery`, in seconds. */
export interface RolloverIntervals {
  /** Key lifetime, Lzsk (RFC 7583 §3.2.1): from the activation of a key to the activation of its successor. */
  readonly keyLifetime: number;
  /** Publication interval, Ipub (RFC 7583 §3.2.1): a key becomes active this long after its publication, or later. */
  readonly publicationInterval: number;
  /**
   * Publish safety (BIND 9): a successor is published this much earlier than the publication interval demands. It is to be
   * ready when its predecessor becomes active, one key lifetime before its own turn: a standby key (RFC 7583 §4).
   */
  readonly publishSafety: number;
  /** Signing delay, Dsgn (RFC 7583 §3.2.1): from the activation of the successor to the last signature of its predecessor. */
  readonly signingDelay: number;
  /**
   * Retire interval, Iret (RFC 7583 §3.2.1): from the last signature of a key to its removal. There it starts at the
   * activation of the successor and holds Dsgn; and Dprp, which an SVID does not have: its holder gets it at once.
   */
  readonly retireInterval: number;
  /** How long a key without a successor signs. RFC 7583 knows no such key. */
  readonly lifetimeWithoutSuccessor: number;
}

/** Long rotations take the preferred values; short ones as much of them as fits, never less than the bounds. */
export function rolloverIntervals(rotateEverySeconds: number, timing: Timing = TIMING): RolloverIntervals {
  const keyLifetime = rotateEverySeconds;
  const publicationInterval = clamp(
    timing.preferredPublicationInterval,
    minPublicationInterval(timing),
    keyLifetime - minPublishSafety(timing),
  );
  return {
    keyLifetime,
    publicationInterval,
    publishSafety: Math.min(timing.preferredPublishSafety, keyLifetime - publicationInterval),
    signingDelay: timing.signingDelay,
    retireInterval: clamp(timing.preferredRetireInterval, minRetireInterval(timing), keyLifetime / 2),
    lifetimeWithoutSuccessor: keyLifetime + timing.graceWithoutCron,
  };
}

/** Where the two bounds cross, the lower one wins. */
function clamp(wanted: number, min: number, max: number): number {
  return Math.max(min, Math.min(wanted, Math.floor(max)));
}
