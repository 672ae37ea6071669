// Holds the waiting of a built program in the test's hand: a pause takes no time, and a timeout ends when the test says
// that time passes. The program's clock goes on as if it had waited. Each pause is a line of the file that PAUSES names.
import { appendFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

const { now } = Date;
let skippedMs = 0;
Date.now = () => now() + skippedMs;

timers.setTimeout = async (ms) => {
  appendFileSync(process.env.PAUSES, `${ms}\n`);
  skippedMs += ms;
};
syncBuiltinESMExports();

const timeouts = new Map();
AbortSignal.timeout = (ms) => {
  const timeout = new AbortController();
  timeouts.set(timeout, Date.now() + ms);
  return timeout.signal;
};

process.on("message", () => {
  skippedMs += Math.max(0, Math.max(...timeouts.values()) - Date.now());
  for (const timeout of timeouts.keys()) timeout.abort(new DOMException("Time passed.", "TimeoutError"));
  timeouts.clear();
});
// Who listens to its parent would never end.
process.channel?.unref();
