import { type Command, Option } from "commander";

/** Adds the options of every command that exchanges: they fill `ExchangeFlags`. */
export function addExchangeOptions(command: Command): Command {
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
