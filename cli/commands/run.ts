import { Option } from "commander";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { ENDPOINT_VARIABLE } from "../../shared/workload-api/open.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, misused, type Outcome, type Report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type ChildEnd, exitCodeOf, runChild } from "../svid/child.ts";
import { awaitEndSignal } from "../svid/end-signal.ts";
import { type ExchangeFlags, type PreparedExchange, prepareExchange } from "../svid/exchange.ts";
import { addExchangeOptions } from "../svid/exchange-options.ts";
import { jobSvids } from "../svid/job-svids.ts";
import { openKeptFile } from "../svid/kept-file.ts";
import { openJobApi } from "../workload-api/open.ts";
import { addWorkloadApiOptions, type WorkloadApiFlags } from "../workload-api/options.ts";

export interface RunFlags extends ExchangeFlags, WorkloadApiFlags {
  /** A path; absent: a new file in a new folder. */
  readonly svidFile?: string;
  /** The environment variable that holds the file's path for the command. */
  readonly exportEnv: string;
  readonly workloadApi?: boolean;
}

export const addRun: AddCommand = (program, ports, finish) => {
  const command = addExchangeOptions(
    addSubcommand(
      program,
      "run",
      "run a command with an SVID file that is renewed, or with the SPIFFE Workload API, while it runs",
    ),
  )
    .argument("[command...]", "the command and its arguments, after --")
    .option("--svid-file <file>", "file for the SVID, written with mode 0600 (default: in a new folder)")
    .addOption(
      new Option(
        "--export-env <name>",
        "environment variable that holds the file's path for the command",
      ).default("SVID_FILE"),
    )
    .option(
      "--workload-api",
      "serve the SPIFFE Workload API to the command; the file is then written only with --audience or --svid-file",
    );
  addWorkloadApiOptions(command)
    .passThroughOptions()
    .action(async (words: string[], flags: RunFlags & JsonFlag) => {
      finish(await runCommand(words, flags, ports), flags);
    });
};

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * `svid-exchange run -- COMMAND`: starts the command with the path of an SVID file, or with the address of the Workload
 * API, in a variable. Both are renewed while the command runs, and removed at its end. The command gets the signals; its
 * exit code is ours.
 */
async function runCommand(command: readonly string[], flags: RunFlags, ports: Ports): Promise<Outcome> {
  const [program, ...args] = command;
  if (program === undefined)
    return misused("The command is missing.", "Give the command after --: svid-exchange run -- ./deploy.sh");
  const problem = flagProblem(flags);
  if (problem !== undefined) return problem;
  const prepared = prepareExchange(flags, ports);
  if (!prepared.ok) return prepared;
  const ended = new AbortController();
  const end = awaitEndSignal();
  try {
    const opened = await Promise.race([open(prepared.value, flags, ports, ended.signal), end.given]);
    end.ignore();
    if (typeof opened === "string") return ok(childReport({ by: "signal", signal: opened }, program, ports));
    if (!opened.ok) return opened;
    const variables = { ...ports.env, ...opened.value.variables };
    const childEnd = await runChild(program, args, variables);
    await opened.value.close();
    return ok(childReport(childEnd, program, ports));
  } finally {
    ended.abort();
  }
}

/** What the command finds its SVIDs by. */
interface Opened {
  readonly variables: Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

async function open(
  prepared: PreparedExchange,
  flags: RunFlags,
  ports: Ports,
  ended: AbortSignal,
): Promise<Result<Opened, Failure>> {
  const svids = jobSvids(prepared, ports, ended);
  const file = wantsFile(flags) ? await openKeptFile(prepared, svids, flags, ports, ended) : undefined;
  if (file?.ok === false) return file;
  const api = flags.workloadApi === true ? await openJobApi(prepared, svids, flags, ports, ended) : undefined;
  if (api?.ok === false) return api;
  return ok({
    variables: {
      ...(file === undefined ? {} : { [flags.exportEnv]: file.value.path }),
      ...(api === undefined ? {} : { [ENDPOINT_VARIABLE]: api.value.endpoint }),
    },
    close: async () => api?.value.close(),
  });
}

function wantsFile({ workloadApi, audience, svidFile }: RunFlags): boolean {
  return workloadApi !== true || audience !== undefined || svidFile !== undefined;
}

function flagProblem(flags: RunFlags): Result<never, Failure> | undefined {
  const { workloadApi, socket, tcp, trustDomain } = flags;
  if (workloadApi !== true && [socket, tcp, trustDomain].some((value) => value !== undefined)) {
    return misused(
      "--socket, --tcp and --trust-domain are options of the Workload API.",
      "Give --workload-api, too, or leave them out.",
    );
  }
  if (flags.svidFile === "-") {
    return misused(
      "--svid-file cannot be -, because the command uses standard output.",
      "Give --svid-file a path, or leave it out.",
    );
  }
  if (VARIABLE_NAME.test(flags.exportEnv)) return undefined;
  return misused(
    `--export-env cannot be used: "${printable(flags.exportEnv)}" is not a name of an environment variable.`,
    "Give --export-env a name of letters, digits and _, for example SVID_FILE.",
  );
}

function childReport(end: ChildEnd, program: string, ports: Ports): Report {
  if (end.by === "not-started") {
    ports.note(`${printable(program)} could not be started (${end.errno}). Check the command after --.`);
  }
  const report = { text: "", json: null, exit: exitCodeOf(end) };
  return end.by === "signal" ? { ...report, signal: end.signal } : report;
}
