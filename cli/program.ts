import { Argument, Command, CommanderError, Option } from "commander";
import { err, ok, type Result } from "../shared/result.ts";
import { type ApplyFlags, applyCommand } from "./apply.ts";
import { type CheckFlags, checkCommand } from "./check.ts";
import { type ExplainFlags, explainCommand } from "./explain.ts";
import { type FetchFlags, fetchSvid } from "./fetch.ts";
import { type InitFlags, initCommand } from "./init.ts";
import { type KeysFlags, keysCommand } from "./keys.ts";
import type { Outcome } from "./outcome.ts";
import type { Ports } from "./ports.ts";
import { type RunFlags, runCommand } from "./run.ts";
import { testCommand } from "./test.ts";
import { type VerifyFlags, verifyCommand } from "./verify.ts";

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
  for (const add of [addInit, addCheck, addTest, addExplain, addApply, addKeys, addFetch, addRun, addVerify])
    add(program, ports, done);
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
    .option("--verify", "hold the SVID against the exchange's published keys first")
    .addOption(
      new Option("--timeout <duration>", "give up after this long, tries and pauses included").default("1m"),
    );
}

function addFetch(program: Command, ports: Ports, done: Done): void {
  withExchangeOptions(sub(program, "fetch", "get an SVID in a CI job"))
    .option("--svid-file <file>", "write the SVID there with mode 0600; - for standard output")
    .option("--dry-run", "verify and decide only: nothing is signed, the ID token is not used up")
    .action(async (flags: FetchFlags) => {
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
      done(await verifyCommand(svid, flags, ports), flags);
    });
}

function addKeys(program: Command, ports: Ports, done: Done): void {
  sub(program, "keys", "show the published keys: which one signs, which one is next, and when")
    .option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)")
    .action(async (flags: KeysFlags & JsonFlag) => {
      done(await keysCommand(flags, ports), flags);
    });
}

/** The trust document that a command works on. */
function trustSub(program: Command, name: string, description: string): Command {
  return sub(program, name, description).addArgument(
    new Argument("[file]", "the trust document").default("trust.yaml"),
  );
}

function addCheck(program: Command, ports: Ports, done: Done): void {
  trustSub(program, "check", "find what is wrong with a trust document, and what most likely is")
    .option("--strict", "fail on warnings, too")
    .action(async (file: string, flags: CheckFlags & JsonFlag) => {
      done(checkCommand(file, flags, ports), flags);
    });
}

function addTest(program: Command, ports: Ports, done: Done): void {
  trustSub(program, "test", "run the tests of a trust document with the exchange's own evaluator").action(
    async (file: string, flags: JsonFlag) => {
      done(testCommand(file, ports), flags);
    },
  );
}

function addExplain(program: Command, ports: Ports, done: Done): void {
  trustSub(program, "explain", "show which policy a job meets, why, and the SVID that it would get")
    .option("--token <file>", "ID token of the job, - for standard input; it is read, not verified")
    .option("--claims <json>", "claims of the job, as JSON or the file of it")
    .option("--fixture <name>", "a typical job, for example github/pull-request-target")
    .option("--issuer <id>", "allowed issuer of the claims (default: the one that iss names)")
    .option("--policy <name>", "policy that the job asks for")
    .option("--audience <audience>", "audience that the job asks for")
    .option(
      "--verify",
      "check the token's signature with the issuer's keys; the only part that uses the network",
    )
    .option("--all", "show every policy, and not only those that come near")
    .action(async (file: string, flags: ExplainFlags & JsonFlag) => {
      done(await explainCommand(file, flags, ports), flags);
    });
}

function addInit(program: Command, ports: Ports, done: Done): void {
  trustSub(
    program,
    "init",
    "write a commented trust document for this repository, and .dev.vars for wrangler dev",
  )
    .addOption(new Option("--issuer <url>", "address of the exchange").default("http://localhost:8787"))
    .addOption(
      new Option("--trust-domain <name>", "trust domain of the SPIFFE IDs").default("ci.example.org"),
    )
    .addOption(
      new Option("--audience <audience>", "who the SVIDs are for").default("https://vault.example.org"),
    )
    .option("--lookup", "ask the public API of GitHub or GitLab for the repository's ids")
    .action(async (file: string, flags: InitFlags & JsonFlag) => {
      done(await initCommand(file, flags, ports), flags);
    });
}

function addApply(program: Command, ports: Ports, done: Done): void {
  trustSub(program, "apply", "check and test a trust document, show what changes, and put it in force")
    .option("--local", "for wrangler dev on this machine")
    .option("--remote", "for the deployed exchange")
    .option("--dry-run", "show what would change, and change nothing")
    .option("--config <file>", "wrangler's configuration file")
    .option("--env <name>", "wrangler's environment")
    .option("--persist-to <folder>", "wrangler's folder for local state")
    .action(async (file: string, flags: ApplyFlags & JsonFlag) => {
      done(await applyCommand(file, flags, ports), flags);
    });
}
