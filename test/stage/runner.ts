import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ACTION } from "./action-manifest.ts";
import { holdTime } from "./hold-time.ts";
import { type Ended, type Started, startProcess } from "./process.ts";

export interface StepOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** `short-lived`: the runner of the step is a process that ends with it. Otherwise the test is the runner. */
  readonly runner?: "short-lived";
  /** `held`: a pause takes no time, and a timeout ends when `letTimePass` is called: held-time.mjs. */
  readonly time?: "held";
}

export interface Step extends Ended {
  readonly outputs: Readonly<Record<string, string>>;
  /** What the step exported to the steps that follow. */
  readonly exported: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  /** The pauses that it asked for, in milliseconds, where time is held. */
  readonly pauses: readonly number[];
  /** The files as the runner finds them: the value of an output may only be in the first. */
  readonly files: Readonly<Record<"output" | "env" | "state" | "summary", string>>;
  readonly options: StepOptions;
}

/** The event of a push, as far as an action may look. */
const PUSH = { ref: "refs/heads/main", repository: { id: 1342205517, full_name: "brightfen/orders-api" } };

/** Runs a step, and ends with it. */
const RUNNER = `
  const step = require("node:child_process").spawn(process.execPath, process.argv.slice(1), { stdio: "inherit" });
  step.on("exit", (code) => process.exit(code));
`;

const JOB_ENVIRONMENT = {
  CI: "true",
  GITHUB_ACTIONS: "true",
  GITHUB_EVENT_NAME: "push",
  GITHUB_ACTOR: "mira-okafor",
  GITHUB_REPOSITORY: "brightfen/orders-api",
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_ACTION_REPOSITORY: "svid-exchange/svid-exchange",
  GITHUB_ACTION_REF: "v1",
  RUNNER_OS: { darwin: "macOS", win32: "Windows" }[process.platform as string] ?? "Linux",
  // Without it, no Windows process opens a socket.
  ...(process.env["SystemRoot"] === undefined ? {} : { SystemRoot: process.env["SystemRoot"] }),
};

/**
 * One job on a runner: starts the built action as the runner does, with nothing in its environment but what a runner
 * gives, and reads back what it left in the runner's files.
 */
export function createJob(jobEnv: Readonly<Record<string, string>> = {}, event: unknown = PUSH) {
  const root = mkdtempSync(join(tmpdir(), "runner-"));
  const folder = (name: string): string => {
    const path = join(root, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const temp = folder("_temp");
  const workspace = folder("work");
  const eventPath = join(root, "event.json");
  writeFileSync(eventPath, JSON.stringify(event));
  let steps = 0;
  const running = new Set<Started>();

  const environment = (more: Readonly<Record<string, string>>): Record<string, string> => ({
    ...JOB_ENVIRONMENT,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    ...jobEnv,
    ...more,
  });

  async function step(options: StepOptions): Promise<Step> {
    steps += 1;
    const commands = folder(join("_commands", String(steps)));
    const paths = {
      output: join(commands, "output"),
      env: join(commands, "env"),
      state: join(commands, "state"),
      summary: join(commands, "summary"),
    };
    for (const path of Object.values(paths)) writeFileSync(path, "");
    const pauses = join(commands, "pauses");
    writeFileSync(pauses, "");
    const held = options.time === "held" ? holdTime(pauses) : { nodeArgs: [], env: {} };
    const runnerArgs = options.runner === "short-lived" ? ["--eval", RUNNER] : [];
    const ran = await start([...runnerArgs, ...held.nodeArgs, resolve(ACTION.runs.main)], {
      ...environment({}),
      ...held.env,
      GITHUB_OUTPUT: paths.output,
      GITHUB_ENV: paths.env,
      GITHUB_STATE: paths.state,
      GITHUB_STEP_SUMMARY: paths.summary,
      ...inputVariables(options.inputs),
      ...options.env,
    });
    const read = (path: string): string => readFileSync(path, "utf8");
    const files = {
      output: read(paths.output),
      env: read(paths.env),
      state: read(paths.state),
      summary: read(paths.summary),
    };
    return {
      ...ran,
      outputs: keyValues(files.output),
      exported: keyValues(files.env),
      state: keyValues(files.state),
      summary: files.summary,
      pauses: read(pauses).split("\n").filter(Boolean).map(Number),
      files,
      options,
    };
  }

  /** The runner starts `post` with the step's inputs and its state as variables. */
  function post(step: Step): Promise<Ended> {
    const state = Object.entries(step.state).map(([name, value]) => [`STATE_${name}`, value]);
    return start([resolve(ACTION.runs.post)], {
      ...environment({}),
      ...inputVariables(step.options.inputs),
      ...Object.fromEntries(state),
    });
  }

  function start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
    const started = startProcess(process.execPath, args, { cwd: workspace, env, channel: true });
    running.add(started);
    return started.ended.finally(() => running.delete(started));
  }

  /** Runs a program as a later step does: with what the earlier steps have exported. */
  function program(
    command: readonly [string, ...string[]],
    exported: Step["exported"],
    stdin = "",
  ): Promise<Ended> {
    const [name, ...args] = command;
    return startProcess(name, args, { cwd: workspace, env: environment(exported), stdin }).ended;
  }

  /** Ends the steps that run as a runner cancels them. */
  function cancel(): void {
    for (const { process: step } of running) step.kill("SIGINT");
  }

  /** Ends every timeout of the steps that run with their time held. */
  function letTimePass(): void {
    for (const { process: step } of running) step.send("time passes");
  }

  return {
    temp,
    workspace,
    step,
    post,
    program,
    cancel,
    /** The processes of this job that run now: Linux alone tells. */
    processes: () => processesWith(`RUNNER_TEMP=${temp}`),
    letTimePass,
    end: () => rmSync(root, { recursive: true, force: true }),
  };
}

export type Job = ReturnType<typeof createJob>;

/** The processes whose environment has this variable, as a runner finds those that a job has left. */
function processesWith(variable: string): readonly number[] {
  if (process.platform !== "linux") return [];
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => environmentOf(pid).split("\0").includes(variable)).map(Number);
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return ""; // It has ended, or it is another user's.
  }
}

/** Inputs that the workflow leaves out have their default, or are empty. */
function inputVariables(inputs: StepOptions["inputs"]): Record<string, string> {
  const all = Object.entries(ACTION.inputs).map(([name, { default: value = "" }]) => [
    `INPUT_${name.toUpperCase()}`,
    inputs[name] ?? value,
  ]);
  return Object.fromEntries(all);
}

/** Reads the runner's file commands: `name<<delimiter`, the lines of the value, `delimiter`. */
export function keyValues(file: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = file.split(/\r?\n/);
  for (let at = 0; at < lines.length; at += 1) {
    const [, name, delimiter] = /^(.+?)<<(.+)$/.exec(lines[at] ?? "") ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, at + 1);
    if (end < 0) throw new Error(`the value of ${name} does not end`);
    values[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return values;
}
