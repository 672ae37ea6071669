import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildBundle } from "../../scripts/build.ts";

/** How a run of the built CLI ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** Added to an environment that holds nothing but PATH and a home. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cwd?: string;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it wrote so far. */
  readonly output: { stdout: string; stderr: string };
}

/** The bundle as users run it: one file in a folder where there is nothing to import. */
export async function buildCli() {
  const folder = mkdtempSync(join(tmpdir(), "svid-cli-"));
  const bundle = join(folder, "svid-exchange.mjs");
  await buildBundle("cli", folder);
  const start = (args: readonly string[], options: RunOptions = {}): Started =>
    startProcess(options.node ?? process.execPath, [...(options.nodeArgs ?? []), bundle, ...args], {
      cwd: folder,
      ...options,
    });
  return {
    bundle,
    folder,
    start,
    run: (args: readonly string[], options: RunOptions = {}): Promise<Ended> => start(args, options).ended,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export type Cli = Awaited<ReturnType<typeof buildCli>>;

/** No process of a test lives longer. */
const LONGEST_RUN_MS = 120_000;

export function startProcess(program: string, args: readonly string[], options: RunOptions): Started {
  const child = spawn(program, args, {
    cwd: options.cwd,
    env: { PATH: process.env["PATH"], HOME: tmpdir(), TMPDIR: tmpdir(), ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: LONGEST_RUN_MS,
    killSignal: "SIGKILL",
  });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  child.stdin.on("error", () => {}); // A program that ends without reading its input breaks the pipe.
  child.stdin.end(options.stdin ?? "");
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code, signal, ...output }));
  });
  return { process: child, ended, output };
}
