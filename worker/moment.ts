/** Lets work go on after the response has been sent (`ctx.waitUntil`). A failure of it never reaches the caller. */
export type Background = (work: Promise<unknown>) => void;

/**
 * Whether so many seconds have passed since an instant; all are seconds. A clock that was set back must not stop anything
 * for long: then they have.
 */
export function hasPassed(seconds: number, since: number, now: number): boolean {
  return now - since >= seconds || now < since;
}

/** When a request or a scheduled run takes place, and what carries on the work that outlives it. */
export interface Moment {
  /** Unix seconds. */
  readonly now: number;
  readonly background: Background;
}
