import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";

/** How a process ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  /** Added to an environment that holds nothing but PATH and a home. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** Gives the process a channel to its parent: `process.send`. */
  readonly channel?: true;
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it wrote so far. */
  readonly output: { stdout: string; stderr: string };
  /** Waits until its standard output holds a text. Rejects where it ends before. */
  readonly says: (text: string) => Promise<void>;
}

/** No process of a test lives longer. */
const LONGEST_RUN_MS = 120_000;

export function startProcess(program: string, args: readonly string[], options: ProcessOptions): Started {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"], HOME: tmpdir(), TMPDIR: tmpdir(), ...options.env },
    stdio: ["pipe", "pipe", "pipe", ...(options.channel === true ? ["ipc" as const] : [])],
    timeout: LONGEST_RUN_MS,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  child.stdin?.on("error", () => {}); // A program that ends without reading its input breaks the pipe.
  child.stdin?.end(options.stdin ?? "");
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  const says = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (output.stdout.includes(text)) resolve();
      };
      look();
      child.stdout?.on("data", look);
      child.once("close", () => reject(new Error(`it ended without "${text}": ${output.stderr}`)));
    });
  return { process: child, ended, output, says };
}
