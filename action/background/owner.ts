import { readFileSync } from "node:fs";

/** The process whose end is the end of the job: the one that starts the steps. */
export interface Owner {
  readonly pid: number;
  /** When it started, in ticks since the machine did: another process may get the same pid. Absent where unknown. */
  readonly startedAt?: string;
}

/** @returns `undefined` in a container, where a step has no parent: the container ends with the job. */
export function ownerOf(pid: number): Owner | undefined {
  if (pid === 0) return undefined;
  const startedAt = startOf(pid);
  return startedAt === undefined ? { pid } : { pid, startedAt };
}

export function isAlive({ pid, startedAt }: Owner): boolean {
  try {
    process.kill(pid, 0); // Sends nothing.
  } catch (error) {
    // A process of another user is there, and may not be sent a signal.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return startedAt === undefined || startOf(pid) === startedAt;
}

/** proc(5): field 22 of `/proc/PID/stat`. The second field is a name in parentheses, which may hold anything. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined; // Linux alone has it.
  }
}
