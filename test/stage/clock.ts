/** A pause that waits for the clock. */
interface Pause {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that only the test moves, and the pauses that wait for it. Times are milliseconds. */
export function createClock(start: number) {
  const pauses = new Set<Pause>();
  let now = start;

  /** Whatever follows from what was woken has happened once the event loop comes round. */
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  return {
    nowMs: (): number => now,
    /** Ends when the clock has come that far, or early once the signal is aborted. */
    pause: (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const pause: Pause = { at: now + ms, wake: () => pauses.delete(pause) && resolve() };
        pauses.add(pause);
        if (signal?.aborted === true) pause.wake();
        signal?.addEventListener("abort", pause.wake);
      }),
    /** Moves the clock on from pause to pause, each of which ends at its own instant. */
    advance: async (ms: number): Promise<void> => {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...pauses].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        now = Math.max(now, next.at);
        next.wake();
        await settle();
      }
      now = end;
    },
    /** How many pauses are under way. */
    pending: (): number => pauses.size,
  };
}

/** A clock that leaps over each pause, and the pauses that it was asked for. Times are milliseconds. */
export function createLeapingClock(start: number) {
  let now = start;
  const pauses: number[] = [];
  return {
    pauses,
    nowMs: (): number => now,
    sleep: async (ms: number): Promise<void> => {
      pauses.push(ms);
      now += ms;
    },
  };
}
