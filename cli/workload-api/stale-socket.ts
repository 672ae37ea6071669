import { lstatSync, rmSync } from "node:fs";
import { connect } from "node:net";

/** Removes a socket that a server left when it was killed: one where nobody answers any more. */
export function removeStaleSocket(path: string): Promise<void> {
  if (!isSocket(path)) return Promise.resolve();
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once("connect", () => {
      probe.destroy();
      resolve();
    });
    probe.once("error", ({ code }: NodeJS.ErrnoException) => {
      if (code === "ECONNREFUSED") rmSync(path, { force: true });
      resolve();
    });
  });
}

function isSocket(path: string): boolean {
  try {
    return lstatSync(path).isSocket();
  } catch {
    return false; // Nothing is there, or nothing that this job may see.
  }
}
