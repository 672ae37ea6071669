/** Lets work go on after the response has been sent (`ctx.waitUntil`). A failure of it never reaches the caller. */
export type Background = (work: Promise<unknown>) => void;

/** When a request or a scheduled run takes place, and what carries on the work that outlives it. */
export interface Moment {
  /** Unix seconds. */
  readonly now: number;
  readonly background: Background;
}
