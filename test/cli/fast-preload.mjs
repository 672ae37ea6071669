// Puts a process on fast time before its own code runs: the clock, and the pauses of node:timers/promises.
import { syncBuiltinESMExports } from "node:module";
import timers from "node:timers/promises";

const epoch = Number(process.env.CLOCK_EPOCH_MS);
const speed = Number(process.env.CLOCK_SPEED);
const { now } = Date;
const { setTimeout } = timers;

Date.now = () => epoch + (now() - epoch) * speed;
timers.setTimeout = (ms, ...rest) => setTimeout(ms / speed, ...rest);
syncBuiltinESMExports();
