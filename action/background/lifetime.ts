import { once } from "node:events";
import * as net from "node:net";
import type { Assignment } from "./messages.ts";
import { isAlive } from "./owner.ts";
import { controlAddressIn } from "./place.ts";

/** Why the background process ends, as its log says it. */
export const JOB_ENDED = "the job has ended";

/** A job may ask for ID tokens for about six hours: after a day, there is nothing left to do. */
const LONGEST_LIFE_MS = 24 * 3_600_000;
const LOOK_FOR_OWNER_MS = 5_000;

export interface Lifetime {
  /** Why the process is to end, once it is. */
  readonly end: Promise<string>;
  /** From now on, the end of the step is no reason. */
  readonly outliveStep: () => void;
}

/**
 * The process is to end when `post` connects, a signal comes, the runner is gone, a day is over, or the step that starts
 * the process is cancelled.
 */
export async function watchLifetime({ folder, owner }: Assignment): Promise<Lifetime> {
  const { promise: end, resolve } = Promise.withResolvers<string>();
  // The connection stays open until this process is gone, which tells `post` so.
  const control = net.createServer(() => resolve(JOB_ENDED)).listen(controlAddressIn(folder));
  await once(control, "listening");
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    process.once(signal, () => resolve(`${signal} came`));
  }
  setTimeout(() => resolve("a day is over"), LONGEST_LIFE_MS);
  if (owner !== undefined) {
    setInterval(() => {
      if (!isAlive(owner)) resolve("the runner of the job is gone");
    }, LOOK_FOR_OWNER_MS);
  }
  const stepEnded = (): void => resolve("the step was cancelled");
  process.once("disconnect", stepEnded);
  return { end, outliveStep: () => process.off("disconnect", stepEnded) };
}
