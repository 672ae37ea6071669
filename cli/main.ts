#!/usr/bin/env node
import { text as readAll } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import type { Fetch } from "../shared/client/fetch.ts";
import type { Failure } from "./outcome.ts";
import type { Ports } from "./ports.ts";
import { type Ended, runProgram } from "./program.ts";
import { useProxyFromEnv } from "./proxy.ts";
import { createPaint, type Paint } from "./terminal/paint.ts";

/** Put in by the build, from package.json. */
declare const CLI_VERSION: string;

const ports: Ports = {
  env: process.env,
  cwd: process.cwd(),
  readStdin: () => readAll(process.stdin),
  note: (line) => void process.stderr.write(`${line}\n`),
  paint: createPaint(process.stdout, process.env),
  proxy: useProxyFromEnv(process.env),
  userAgent: `svid-exchange-cli/${CLI_VERSION}`,
  fetch: fetch as Fetch,
  nowMs: Date.now,
  sleep: (ms) => sleep(ms),
  random: Math.random,
};

try {
  const done = await runProgram(process.argv.slice(2), CLI_VERSION, ports);
  if (done.ok) await finish(done.value);
  else process.exit(done.error.exit);
} catch (bug) {
  await write(
    process.stderr,
    `svid-exchange ${CLI_VERSION} failed in a way that it should not; please report this.\n${traceOf(bug)}\n`,
  );
  process.exit(1);
}

/** Ends the process, once what is written is on its way: requests in flight no longer matter to anyone. */
async function finish({ outcome, json }: Ended): Promise<void> {
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

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    stream.write(text, () => resolve());
  });
}

function failureText({ code, message, details = [], next }: Failure, paint: Paint): string {
  const lines = [
    `${paint.bad("error")} ${message} ${paint.dim(`[${code}]`)}`,
    ...details.map((line) => `  ${line}`),
    ...next.map((line, index) => `${index === 0 ? "next: " : "      "}${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

function failureJson({ code, message, details = [], next }: Failure): string {
  return `${JSON.stringify({ error: { code, message, details, next } })}\n`;
}

/** The stack alone: a bundle's own lines are long, and a message may hold what was being read. */
function traceOf(bug: unknown): string {
  if (!(bug instanceof Error)) return typeof bug;
  const frames = (bug.stack ?? "").split("\n").filter((line) => line.startsWith("    at "));
  return [bug.name, ...frames].join("\n");
}
