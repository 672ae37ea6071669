import { Argument, type Command, Option } from "commander";
import type { Ports } from "../ports.ts";
import { DEFAULT_TRUST_FILE } from "../trust/trust-file.ts";
import { type ApplyFlags, applyCommand } from "./apply.ts";
import { type CheckFlags, checkCommand } from "./check.ts";
import { type Done, type JsonFlag, sub } from "./declare.ts";
import { type ExplainFlags, explainCommand } from "./explain.ts";
import { type InitFlags, initCommand } from "./init.ts";
import { testCommand } from "./test.ts";

/** The commands of whoever keeps a trust document. */

export function addInit(program: Command, ports: Ports, done: Done): void {
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

export function addCheck(program: Command, ports: Ports, done: Done): void {
  trustSub(program, "check", "find what is wrong with a trust document, and what most likely is")
    .option("--strict", "fail on warnings, too")
    .action(async (file: string, flags: CheckFlags & JsonFlag) => {
      done(checkCommand(file, flags, ports), flags);
    });
}

export function addTest(program: Command, ports: Ports, done: Done): void {
  trustSub(program, "test", "run the tests of a trust document with the exchange's own evaluator").action(
    async (file: string, flags: JsonFlag) => {
      done(testCommand(file, ports), flags);
    },
  );
}

export function addExplain(program: Command, ports: Ports, done: Done): void {
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

export function addApply(program: Command, ports: Ports, done: Done): void {
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

/** The trust document that a command works on. */
function trustSub(program: Command, name: string, description: string): Command {
  return sub(program, name, description).addArgument(
    new Argument("[file]", "the trust document").default(DEFAULT_TRUST_FILE),
  );
}
