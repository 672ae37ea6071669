import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Environment } from "../../shared/client/environment.ts";

/** How a command ended. */
export type ChildEnd =
  | { readonly by: "exit"; readonly code: number }
  | { readonly by: "signal"; readonly signal: NodeJS.Signals }
  | { readonly by: "not-started"; readonly errno: string };

const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
/** Is added to the number of the signal. */
const SIGNALLED = 128;

/** The exit code that a shell has after a command that ended like this (POSIX XCU §2.8.2). */
export function exitCodeOf(end: ChildEnd): number {
  switch (end.by) {
    case "exit":
      return end.code;
    case "signal":
      return SIGNALLED + constants.signals[end.signal];
    case "not-started":
      return end.errno === "ENOENT" ? NOT_FOUND : NOT_EXECUTABLE;
  }
}

/** The signals that are passed on to the command. */
const FORWARDED = ["SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR2"] as const;
/** A terminal sends these to the whole foreground process group, so the command gets them without us. */
const SENT_BY_TERMINAL: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT"]);

/** Runs a command with our standard streams until it ends. Signals to us are passed on to the command. */
export function runChild(program: string, args: readonly string[], env: Environment): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const forward = (signal: NodeJS.Signals): void => {
      if (!(process.stdin.isTTY && SENT_BY_TERMINAL.has(signal))) child.kill(signal);
    };
    // Before the command starts: a signal in between would end us, and leave the command and its SVID file behind.
    for (const signal of FORWARDED) process.on(signal, forward);
    const child = spawn(program, args, { stdio: "inherit", env: { ...env } });
    const end = (outcome: ChildEnd): void => {
      for (const signal of FORWARDED) process.off(signal, forward);
      resolve(outcome);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) end({ by: "not-started", errno: error.code ?? "failed" });
    });
    child.once("exit", (code, signal) => {
      end(signal === null ? { by: "exit", code: code ?? 1 } : { by: "signal", signal });
    });
  });
}
