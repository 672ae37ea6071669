import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const PRELOADED = pathToFileURL(resolve(import.meta.dirname, "held-time.mjs")).href;

/**
 * What holds the time of a process of Node: held-time.mjs.
 *
 * @param pauses the file that gets the pauses that it asks for, in milliseconds, one on a line.
 */
export function holdTime(pauses: string) {
  return { nodeArgs: ["--import", PRELOADED], env: { PAUSES: pauses } };
}
