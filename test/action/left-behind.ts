import { readdirSync } from "node:fs";
import { expect } from "vitest";
import { eventually } from "../stage/eventually.ts";
import type { Job } from "../stage/runner.ts";

/** No process and no file of the job is left. */
export async function expectNothingLeft(job: Job): Promise<void> {
  await eventually(() => job.processes().length === 0);
  expect(readdirSync(job.temp)).toEqual([]);
}

/** The one process that the job has left so far. */
export function backgroundProcessOf(job: Job): number {
  const [pid, ...others] = job.processes();
  if (pid === undefined || others.length > 0)
    throw new Error(`there are ${job.processes().length} processes`);
  return pid;
}
