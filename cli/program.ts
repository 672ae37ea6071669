import { Command, CommanderError, Option } from "commander";
import { err, ok, type Result } from "../shared/result.ts";
import type { FetchFlags } from "./fetch.ts";
import type { KeysFlags } from "./keys.ts";
import type { Outcome } from "./outcome.ts";
import type { Ports } from "./ports.ts";
import type { RunFlags } from "./run.ts";
import type { VerifyFlags } from "./verify.ts";

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

type Done = (outcome: Outcome, flags: JsonFlag) => void;

interface JsonFlag {
  readonly json?: boolean;
}

function commandLine(version: string, ports: Ports, done: Done): Command {
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
  for (const add of [addFetch, addRun, addVerify, addKeys]) add(program, ports, done);
  return program;
}

/** A sub-command with the settings of its parent, which commander does not pass on by itself. */
function sub(program: Command, nameAndArgs: string, description: string): Command {
  return program
    .command(nameAndArgs)
    .description(description)
    .helpOption("-h, --help", "print this help")
    .option("--json", "print one JSON document for programs");
}

function withExchangeOptions(command: Command): Command {
  return command
    .option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)")
    .option("--audience <audience>", "audience of the SVID (default: the only one that the policy allows)")
    .option("--policy <name>", "policy to use (default: the only one that matches)")
    .option("--token-audience <audience>", "audience of the ID token (default: the exchange's URL)")
    .option(
      "--token-env <name>",
      "variable that holds the ID token (default: SVID_EXCHANGE_ID_TOKEN, if set)",
    )
    .option("--token-file <file>", "file that holds the ID token, - for standard input")
    .addOption(
      new Option("--timeout <duration>", "give up after this long, tries and pauses included").default("1m"),
    );
}

function addFetch(program: Command, ports: Ports, done: Done): void {
  withExchangeOptions(sub(program, "fetch", "get an SVID in a CI job"))
    .option("--svid-file <file>", "write the SVID there with mode 0600; - for standard output")
    .option("--dry-run", "verify and decide only: nothing is signed, the ID token is not used up")
    .action(async (flags: FetchFlags) => {
      const { fetchSvid } = await import("./fetch.ts");
      done(await fetchSvid(flags, ports), flags);
    });
}

function addRun(program: Command, ports: Ports, done: Done): void {
  withExchangeOptions(sub(program, "run [command...]", "run a command with an SVID file that is kept fresh"))
    .option("--svid-file <file>", "file of the SVID (default: a new one, mode 0600, in a new folder)")
    .addOption(
      new Option("--export-env <name>", "variable that tells the command the file's path").default(
        "SVID_FILE",
      ),
    )
    .passThroughOptions()
    .action(async (command: string[], flags: RunFlags & JsonFlag) => {
      const { runCommand } = await import("./run.ts");
      done(await runCommand(command, flags, ports), flags);
    });
}

function addVerify(program: Command, ports: Ports, done: Done): void {
  sub(
    program,
    "verify <svid>",
    "verify a JWT-SVID as a service would: itself, a file, or - for standard input",
  )
    .option("--issuer <url>", "take the keys that the discovery document of this issuer names")
    .option("--bundle <place>", "take the keys of this SPIFFE bundle, a URL or a file")
    .option("--trust-domain <name>", "trust domain that the SPIFFE ID must be of; needed with --bundle")
    .option("--audience <audience>", "audience that the SVID must be for")
    .option("--any-audience", "leave the audience unchecked")
    .action(async (svid: string, flags: VerifyFlags & JsonFlag) => {
      const { verifyCommand } = await import("./verify.ts");
      done(await verifyCommand(svid, flags, ports), flags);
    });
}

function addKeys(program: Command, ports: Ports, done: Done): void {
  sub(program, "keys", "show the published keys: which one signs, which one is next, and when")
    .option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)")
    .action(async (flags: KeysFlags & JsonFlag) => {
      const { keysCommand } = await import("./keys.ts");
      done(await keysCommand(flags, ports), flags);
    });
}
