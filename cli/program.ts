import { Command, CommanderError } from "commander";
import { err, ok, type Result } from "../shared/result.ts";
import type { AddCommand, Finish } from "./command.ts";
import { addApply } from "./commands/apply.ts";
import { addCheck } from "./commands/check.ts";
import { addExplain } from "./commands/explain.ts";
import { addFetch } from "./commands/fetch.ts";
import { addInit } from "./commands/init.ts";
import { addKeys } from "./commands/keys.ts";
import { addRun } from "./commands/run.ts";
import { addTest } from "./commands/test.ts";
import { addVerify } from "./commands/verify.ts";
import type { Outcome } from "./outcome.ts";
import type { Ports } from "./ports.ts";

/** Commander itself has said all there is: help, the version, or what is wrong with the command line. */
export interface Said {
  readonly exit: 0 | 2;
}

export interface Ended {
  readonly outcome: Outcome;
  /** Whether a program reads along. */
  readonly json: boolean;
}

/** Wide enough for the tables of the documentation, narrow enough for a terminal. */
const HELP_WIDTH = 100;

const EXIT_CODES = `
Exit codes: 0 done, 1 refused or failed, 2 wrong usage.`;

/** Reads the command line and does the one command that it names. */
export async function runProgram(
  argv: readonly string[],
  version: string,
  ports: Ports,
): Promise<Result<Ended, Said>> {
  let ended: Ended | undefined;
  const program = commandLine(version, ports, (outcome, { json = false }) => {
    ended = { outcome, json };
  });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return err({ exit: error.exitCode === 0 ? 0 : 2 });
  }
  return ended === undefined ? err({ exit: 2 }) : ok(ended);
}

/** In the order of their use. */
const COMMANDS: readonly AddCommand[] = [
  addInit,
  addCheck,
  addTest,
  addExplain,
  addApply,
  addKeys,
  addFetch,
  addRun,
  addVerify,
];

function commandLine(version: string, ports: Ports, finish: Finish): Command {
  const program = new Command("svid-exchange")
    .description(
      "Exchanges a CI job's OIDC token for a SPIFFE JWT-SVID, and keeps the exchange's trust document.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("(add --help for the options)")
    .addHelpText("after", EXIT_CODES)
    .configureOutput({
      writeErr: (text) => ports.note(text.trimEnd()),
      getOutHelpWidth: () => HELP_WIDTH,
      getErrHelpWidth: () => HELP_WIDTH,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  for (const addCommand of COMMANDS) addCommand(program, ports, finish);
  return program;
}
