import { setTimeout as sleep } from "node:timers/promises";
import { Option } from "commander";
import { ok, type Result } from "../../shared/result.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, misused, type Outcome, type Report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type ChildEnd, exitCodeOf, runChild } from "../svid/child.ts";
import {
  type Exchanged,
  type ExchangeFlags,
  type PreparedExchange,
  prepareExchange,
} from "../svid/exchange.ts";
import { addExchangeOptions } from "../svid/exchange-options.ts";
import { exchangedLine } from "../svid/exchanged-line.ts";
import { keepFresh } from "../svid/renewal.ts";
import { namedFile, type RenewedFile, temporaryFile } from "../svid/svid-file.ts";
import { printable } from "../terminal/printable.ts";

export interface RunFlags extends ExchangeFlags {
  /** A path; absent: a new file in a new folder. */
  readonly svidFile?: string;
  /** The environment variable that holds the file's path for the command. */
  readonly exportEnv: string;
}

export const addRun: AddCommand = (program, ports, finish) => {
  addExchangeOptions(
    addSubcommand(program, "run", "run a command with an SVID file that is renewed while the command runs"),
  )
    .argument("[command...]", "the command and its arguments, after --")
    .option("--svid-file <file>", "file for the SVID, written with mode 0600 (default: in a new folder)")
    .addOption(
      new Option(
        "--export-env <name>",
        "environment variable that holds the file's path for the command",
      ).default("SVID_FILE"),
    )
    .passThroughOptions()
    .action(async (command: string[], flags: RunFlags & JsonFlag) => {
      finish(await runCommand(command, flags, ports), flags);
    });
};

const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * `svid-exchange run -- COMMAND`: exchanges, starts the command with the path of the SVID file in a variable, renews the
 * SVID in the file while the command runs, and removes the file. The command gets the signals; its exit code is ours.
 */
async function runCommand(command: readonly string[], flags: RunFlags, ports: Ports): Promise<Outcome> {
  const [program, ...args] = command;
  if (program === undefined)
    return misused("The command is missing.", "Give the command after --: svid-exchange run -- ./deploy.sh");
  const problem = flagProblem(flags);
  if (problem !== undefined) return problem;
  const prepared = prepareExchange(flags, ports);
  if (!prepared.ok) return prepared;
  const first = await prepared.value.exchange();
  if (!first.ok) return first;

  const file = flags.svidFile === undefined ? temporaryFile(ports) : namedFile(flags.svidFile, ports);
  const ended = new AbortController();
  try {
    const written = file.replace(first.value.svid);
    if (!written.ok) return written;
    announce(prepared.value, first.value, ports);
    renewUntil(ended.signal, prepared.value, first.value, file, ports).catch(() => {
      ports.note("A bug in svid-exchange stopped the renewal. The SVID stays in its file until it expires.");
    });
    const env = { ...ports.env, [flags.exportEnv]: file.path };
    return ok(childReport(await runChild(program, args, env), program, ports));
  } finally {
    ended.abort();
    file.dispose();
  }
}

function flagProblem(flags: RunFlags): Result<never, Failure> | undefined {
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

function announce({ origin }: PreparedExchange, first: Exchanged, ports: Ports): void {
  ports.note(exchangedLine(first));
  if (origin.renewable) return;
  ports.note(
    `The ID token in ${origin.name} cannot be renewed. The SVID is renewed only while the exchange accepts the same token again.`,
  );
}

function renewUntil(
  signal: AbortSignal,
  { exchange, origin }: PreparedExchange,
  first: Exchanged,
  file: RenewedFile,
  ports: Ports,
): Promise<void> {
  return keepFresh(
    first,
    {
      exchange,
      replace: file.replace,
      remove: file.remove,
      renewable: origin.renewable,
      nowMs: ports.nowMs,
      note: ports.note,
      pause: (ms, until) => sleep(ms, undefined, { signal: until }).catch(() => {}),
    },
    signal,
  );
}

function childReport(end: ChildEnd, program: string, ports: Ports): Report {
  if (end.by === "not-started") {
    ports.note(`${printable(program)} could not be started (${end.errno}). Check the command after --.`);
  }
  const report = { text: "", json: null, exit: exitCodeOf(end) };
  return end.by === "signal" ? { ...report, signal: end.signal } : report;
}
