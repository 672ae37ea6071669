import { setTimeout as sleep } from "node:timers/promises";

/** Says only "broken". */
const LONGEST_WAIT_MS = 20_000;

/** Waits for an event that nothing tells about. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = Date.now() + LONGEST_WAIT_MS;
  while (!(await holds())) {
    if (Date.now() > endMs) throw new Error("it never came true");
    await sleep(10);
  }
}
