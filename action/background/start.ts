import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { err, ok, type Result } from "../../shared/result.ts";
import type { BackgroundFailure } from "../background-failure.ts";
import { backgroundEnvironment } from "./environment.ts";
import type { Assignment, Reply } from "./messages.ts";
import { logFileIn, readLog } from "./place.ts";

export interface Background {
  readonly pid: number;
  /** The value of SPIFFE_ENDPOINT_SOCKET, where it serves the Workload API. */
  readonly endpoint?: string;
}

/** The process has its own start-up time, beside the time in which it reads the exchange's keys. */
const STARTUP_MS = 10_000;

/**
 * Starts the background process, and waits until it is ready. From then on it belongs to no step. Until then, the end of
 * this process is its end.
 *
 * @param timeoutMs for its requests.
 */
export async function startBackground(
  assignment: Assignment,
  timeoutMs: number,
): Promise<Result<Background, BackgroundFailure>> {
  const child = spawnDetached(assignment.folder);
  const reply = await replyOf(child, assignment, timeoutMs + STARTUP_MS);
  if ("failed" in reply || child.pid === undefined) {
    child.kill("SIGKILL");
    return err("failed" in reply ? reply.failed : notReady("it has no pid", assignment));
  }
  child.disconnect();
  child.unref();
  return ok({ pid: child.pid, ...reply.ready });
}

/** The build puts it beside the program of the step. */
function spawnDetached(folder: string): ChildProcess {
  const [, step = ""] = process.argv;
  const log = fs.openSync(logFileIn(folder), "a", 0o600);
  try {
    return spawn(process.execPath, [path.join(path.dirname(step), "serve.cjs")], {
      detached: true,
      env: backgroundEnvironment(process.env),
      windowsHide: true,
      stdio: ["ignore", log, log, "ipc"],
    });
  } finally {
    fs.closeSync(log);
  }
}

function replyOf(child: ChildProcess, assignment: Assignment, timeoutMs: number): Promise<Reply> {
  const { promise, resolve } = Promise.withResolvers<Reply>();
  const give = (how: string): void => resolve({ failed: notReady(how, assignment) });
  const timer = setTimeout(() => give(`it did not answer in ${timeoutMs / 1000} s`), timeoutMs);
  child.once("message", (reply) => resolve(reply as Reply));
  child.once("error", ({ message }) => give(message));
  child.once("exit", (code, signal) => give(`it ended (${signal ?? `exit code ${code}`})`));
  child.send(assignment, () => {}); // A channel that is closed already shows as the end of the process.
  return promise.finally(() => clearTimeout(timer));
}

function notReady(how: string, { folder }: Assignment): BackgroundFailure {
  return { code: "background_not_ready", how, log: readLog(folder) };
}
