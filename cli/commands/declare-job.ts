import { type Command, Option } from "commander";
import type { Ports } from "../ports.ts";
import { type Done, type JsonFlag, sub } from "./declare.ts";
import { type FetchFlags, fetchSvid } from "./fetch.ts";
import { type KeysFlags, keysCommand } from "./keys.ts";
import { type RunFlags, runCommand } from "./run.ts";
import { type VerifyFlags, verifyCommand } from "./verify.ts";

/** The commands of a CI job, and of whoever gets an SVID of one. */

export function addFetch(program: Command, ports: Ports, done: Done): void {
  withExchangeOptions(sub(program, "fetch", "get an SVID in a CI job"))
    .option("--svid-file <file>", "write the SVID there with mode 0600; - for standard output")
    .option("--dry-run", "verify and decide only: nothing is signed, the ID token is not used up")
    .action(async (flags: FetchFlags) => {
      done(await fetchSvid(flags, ports), flags);
    });
}

export function addRun(program: Command, ports: Ports, done: Done): void {
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

export function addVerify(program: Command, ports: Ports, done: Done): void {
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

export function addKeys(program: Command, ports: Ports, done: Done): void {
  sub(program, "keys", "show the published keys: which one signs, which one is next, and when")
    .option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)")
    .action(async (flags: KeysFlags & JsonFlag) => {
      done(await keysCommand(flags, ports), flags);
    });
}
