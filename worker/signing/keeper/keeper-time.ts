import { minPublishSafety, type Timing } from "../../../shared/key-timing.ts";
import type { PlanTime } from "../ring/plan-rules.ts";

/** The two clocks of a call of the keeper, in Unix seconds: the keeper's own one, and that of the isolate that calls. */
export interface Clocks {
  readonly own: number;
  readonly caller: number;
}

/** What the keeper remembers of time, in Unix seconds. */
export interface KnownTime {
  /** The time of the last run whose clocks followed from those of the run before. */
  readonly sure: number;
  /** The first run of those that follow from each other up to `sure`, where a jump came before it. */
  readonly from?: number;
  /** A time that does not follow from `sure`: when a run first met it, and when one last did. */
  readonly jump?: { readonly since: number; readonly last: number };
}

/** The time of a call, as far as it is known. */
export interface KeeperTime extends PlanTime {
  /**
   * `sure`: it follows from the last run. `jumped`: it does not. `settling`: it goes on from a jump that is not believed yet.
   * `unsure`: the two clocks differ.
   */
  readonly kind: "sure" | "jumped" | "settling" | "unsure";
  /** What the next call has to know. */
  readonly known: KnownTime | undefined;
}

/**
 * Judges the clocks of a call, by each other and by the time of the last run. That which can be undone goes by the likeliest
 * time. That which can't be undone waits until two runs have shown that it is due, so no single run with a wrong clock does
 * it: a private key that is erased, or a key that leaves the documents, does not come back. Where the clocks do not follow
 * from the last run, both of them may be wrong, for longer than one run: then it waits until they have gone on for a day.
 */
export function keeperTime(
  { own, caller }: Clocks,
  known: KnownTime | undefined,
  timing: Timing,
): KeeperTime {
  if (Math.abs(own - caller) > timing.clockTolerance) return unsureTime([own, caller], known);
  if (known === undefined) return sureTime(own, { sure: own }, timing);
  const believed = settled(known, own, timing);
  if (goesOn(believed, own, timing)) return jumpedTime(own, believed, timing);
  if (follows(believed.sure, own, timing)) return sureTime(own, withoutJump(believed, own), timing);
  return jumpedTime(own, believed, timing);
}

function sureTime(now: number, { sure, from }: KnownTime, timing: Timing): KeeperTime {
  const isSettled = from === undefined || now - from >= timing.clockSettling;
  const known = { sure: Math.max(now, sure), ...(isSettled ? {} : { from }) };
  return { kind: "sure", isSettled, ...span(now, [sure]), known };
}

function jumpedTime(now: number, known: KnownTime, timing: Timing): KeeperTime {
  const { sure, jump } = known;
  const isSettling = goesOn(known, now, timing);
  const since = isSettling ? (jump?.since ?? now) : now;
  // Clocks that went back may still be as far behind, also when they come past the last sure time.
  const behind = Math.max(0, sure - since);
  return {
    kind: isSettling ? "settling" : "jumped",
    isSettled: false,
    ...span(now, [sure, now + behind, jump?.last ?? now]),
    earliest: Math.min(now, sure),
    known: { ...known, jump: { since, last: now } },
  };
}

/** Of two clocks that differ, the one nearer to the last run is right; without a last run, the slower one does less harm. */
function unsureTime(clocks: readonly [number, number], known: KnownTime | undefined): KeeperTime {
  const sure = known?.sure ?? Math.min(...clocks);
  const [first, second] = clocks;
  const now = Math.abs(first - sure) <= Math.abs(second - sure) ? first : second;
  return { kind: "unsure", isSettled: false, ...span(now, [...clocks, sure]), known };
}

/** Whether an instant goes on from a jump that was seen before. */
function goesOn({ jump }: KnownTime, now: number, timing: Timing): boolean {
  return jump !== undefined && follows(jump.last, now, timing);
}

/** A run that follows from `sure` ends a jump. Which of the two times was right, nobody knows before a day has passed. */
function withoutJump({ jump, ...known }: KnownTime, now: number): KnownTime {
  return jump === undefined ? known : { ...known, from: now };
}

/** A jump is believed after a day in which the clocks went on from it; of one ahead, also where no run came in that day. */
function settled(known: KnownTime, now: number, timing: Timing): KnownTime {
  const { sure, jump } = known;
  if (jump === undefined || now - jump.since < timing.clockSettling) return known;
  const isBelieved = jump.last > sure || goesOn(known, now, timing);
  return isBelieved ? { sure: jump.last, from: jump.since } : known;
}

/** Whether an instant may come next after a run: cron is hourly, and runs may be missed or late. */
function follows(last: number, now: number, timing: Timing): boolean {
  return now >= last - timing.clockSkew && now - last <= minPublishSafety(timing);
}

function span(now: number, others: readonly number[]) {
  return { now, earliest: Math.min(now, ...others), latest: Math.max(now, ...others) };
}
