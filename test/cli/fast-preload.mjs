// Puts a process on fast time before its own code runs: the clock, and the pauses of node:timers/promises. The query of
// its URL says since when, in Unix milliseconds, and how fast: fast-time.ts.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

const { searchParams } = new URL(import.meta.url);
const epoch = Number(searchParams.get("epoch"));
const speed = Number(searchParams.get("speed"));
const { now } = Date;
const { setTimeout } = timers;

Date.now = () => epoch + (now() - epoch) * speed;
timers.setTimeout = (ms, ...rest) => setTimeout(ms / speed, ...rest);
syncBuiltinESMExports();
