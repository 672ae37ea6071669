import { Command, CommanderError } from "commander";
import type { AddCommand, Finish } from "./command.ts";
import { addApply } from "./commands/apply.ts";
import { addCheck } from "./commands/check.ts";
import { addExplain } from "./commands/explain.ts";
import { addFetch } from "./commands/fetch.ts";
import { addInit } from "./commands/init.ts";
import { addKeys } from "./commands/keys.ts";
import { addRun } from "./commands/run.ts";
import { addServe } from "./commands/serve.ts";
import { addTest } from "./commands/test.ts";
import { addVerify } from "./commands/verify.ts";
import type { Outcome } from "./outcome.ts";
import type { Ports } from "./ports.ts";

/** How the command line ended. */
export type ProgramEnd =
  /** Commander printed the help, the version or a usage error: nothing is left to print. */
  | { readonly by: "commander"; readonly exit: 0 | 2 }
  | { readonly by: "command"; readonly outcome: Outcome; readonly json: boolean };

/** Characters per line of help. The width is fixed because docs/reference/cli.md repeats the help word by word. */
const HELP_WIDTH = 100;

const EXIT_CODES = `
Exit codes: 0 success, 1 refusal or failure, 2 usage error.`;

/** Parses the command line and runs the one command that it names. */
export async function runProgram(
  argv: readonly string[],
  version: string,
  ports: Ports,
): Promise<ProgramEnd> {
  const ends: ProgramEnd[] = [];
  const program = commandLine(version, ports, (outcome, { json = false }) => {
    ends.push({ by: "command", outcome, json });
  });
  try {
    await program.parseAsync(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { by: "commander", exit: error.exitCode === 0 ? 0 : 2 };
  }
  const [end] = ends;
  if (end === undefined) throw new Error("A command ended without an outcome.");
  return end;
}

/** The help lists the commands in this order, the order of their first use. */
const COMMANDS: readonly AddCommand[] = [
  addInit,
  addCheck,
  addTest,
  addExplain,
  addApply,
  addKeys,
  addFetch,
  addRun,
  addServe,
  addVerify,
];

function commandLine(version: string, ports: Ports, finish: Finish): Command {
  const program = new Command("svid-exchange")
    .description(
      "Exchange a CI job's OIDC token for a SPIFFE JWT-SVID, and maintain the exchange's trust document.",
    )
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .enablePositionalOptions()
    .exitOverride()
    .showHelpAfterError("(--help shows the arguments and options)")
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
