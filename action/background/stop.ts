import * as net from "node:net";
import { type BackgroundState, controlAddressIn, discard, readLog } from "./place.ts";

/** How the background process was found at the end of the job. */
export interface Stopped {
  /** `asked`: it ended when it was asked to. `killed`: it did not. `gone`: it had ended before. */
  readonly how: "asked" | "killed" | "gone";
  readonly log: readonly string[];
}

/** It ends its calls, and removes its sockets: a second. */
const LONGEST_END_MS = 5_000;

/** Ends the background process and removes what it had. */
export async function stopBackground(state: BackgroundState): Promise<Stopped> {
  const how = await end(state);
  const log = readLog(state.folder);
  discard(state.pid === undefined ? { folder: state.folder } : state);
  return { how, log };
}

/**
 * Connects to its control socket, and waits until the connection ends with the process. Only a process that listens there
 * is ever sent a signal: another one may have its pid by now.
 */
function end({ folder, pid }: BackgroundState): Promise<Stopped["how"]> {
  return new Promise((resolve) => {
    let isThere = false;
    const control = net.connect(controlAddressIn(folder), () => {
      isThere = true;
    });
    const timer = setTimeout(() => {
      if (isThere && pid !== undefined) process.kill(pid, "SIGKILL");
      control.destroy();
      resolve(isThere ? "killed" : "gone");
    }, LONGEST_END_MS);
    control.resume();
    control.on("error", () => {}); // `close` follows.
    control.on("close", () => {
      clearTimeout(timer);
      resolve(isThere ? "asked" : "gone");
    });
  });
}
