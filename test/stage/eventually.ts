import { setTimeout as sleep } from "node:timers/promises";

/** Says only "broken". */
const LONGEST_WAIT_MS = 20_000;

/** Waits for an event that nothing tells about. */
export async function eventually(
  holds: () => boolean | Promise<boolean>,
  longestMs = LONGEST_WAIT_MS,
): Promise<void> {
  const endMs = Date.now() + longestMs;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error("it never came true");
    await sleep(10);
  }
}
