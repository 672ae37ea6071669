#!/usr/bin/env node
import { text as readAll } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { type Fetch, withUserAgent } from "../shared/client/fetch.ts";
import { failureJson, failureText } from "./failure-lines.ts";
import type { Outcome } from "./outcome.ts";
import type { Ports } from "./ports.ts";
import { runProgram } from "./program.ts";
import { useProxyFromEnv } from "./proxy.ts";
import { createPaint } from "./terminal/paint.ts";

/** The build inserts it, from package.json. */
declare const CLI_VERSION: string;

const ports: Ports = {
  env: process.env,
  cwd: process.cwd(),
  readStdin: () => readAll(process.stdin),
  note: (line) => void process.stderr.write(`${line}\n`),
  print: (text) => void process.stdout.write(text),
  paint: createPaint(process.stdout, process.env),
  proxy: useProxyFromEnv(process.env),
  fetch: withUserAgent(fetch as Fetch, `svid-exchange-cli/${CLI_VERSION}`),
  nowMs: Date.now,
  sleep: (ms) => sleep(ms),
  random: Math.random,
  timeoutSignal: (ms) => AbortSignal.timeout(ms),
};

// The log of a step that has ended takes no more lines. A server that was started there goes on.
process.stderr.on("error", () => {});

try {
  const end = await runProgram(process.argv.slice(2), CLI_VERSION, ports);
  if (end.by === "commander") process.exit(end.exit);
  await finish(end.outcome, end.json);
} catch (bug) {
  await write(
    process.stderr,
    `This is a bug in svid-exchange ${CLI_VERSION}. Please report it with these lines.\n${traceOf(bug)}\n`,
  );
  process.exit(1);
}

/** Prints the outcome and ends the process, even while requests are open: nothing waits for their responses any more. */
async function finish(outcome: Outcome, json: boolean): Promise<void> {
  if (!outcome.ok) {
    const paint = createPaint(process.stderr, process.env);
    await write(process.stderr, json ? failureJson(outcome.error) : failureText(outcome.error, paint));
    process.exit(outcome.error.exit);
  }
  const report = outcome.value;
  const asJson = json && report.json !== null;
  await write(process.stdout, asJson ? `${JSON.stringify(report.json, null, 2)}\n` : report.text);
  if (report.signal !== undefined) process.kill(process.pid, report.signal);
  process.exit(report.exit);
}

/** Waits until the stream has taken the text: `process.exit` cuts off what a pipe has not taken yet. */
async function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  if (text === "") return; // The reader may be gone.
  await new Promise<void>((resolve) => {
    stream.write(text, () => resolve());
  });
}

/** The name and the frames alone: the message of an error may hold a part of a token or a document. */
function traceOf(bug: unknown): string {
  if (!(bug instanceof Error)) return typeof bug;
  const frames = (bug.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return [bug.name, ...frames].join("\n");
}
