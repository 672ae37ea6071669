import type { Moment } from "../../worker/moment.ts";

/** The moments of one isolate, and the work that it leaves behind its responses. */
export function createMoments() {
  const background: Promise<unknown>[] = [];
  return {
    /** A request at an instant, in Unix seconds. */
    at: (now: number): Moment => ({ now, background: (work) => void background.push(work) }),
    /** How much work was left since the last call of `settle`. */
    pending: (): number => background.length,
    /** Waits for the work that was left, and for what that leaves. */
    settle: async (): Promise<void> => {
      while (background.length > 0) await Promise.all(background.splice(0));
    },
  };
}
