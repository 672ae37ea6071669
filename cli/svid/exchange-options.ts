import { type Command, Option } from "commander";

/** Adds the options of a command that gets one SVID. Commander puts their values into `ExchangeFlags`. */
export function addExchangeOptions(command: Command): Command {
  return addIssuingOptions(
    addExchangeUrlOption(command).option(
      "--audience <audience>",
      "audience of the SVID (default: the only audience of the policy)",
    ),
  );
}

export function addExchangeUrlOption(command: Command): Command {
  return command.option("--exchange-url <url>", "base URL of the exchange (default: $SVID_EXCHANGE_URL)");
}

/** The options that hold for every SVID of a command, whatever its audience is. */
export function addIssuingOptions(command: Command): Command {
  return command
    .option("--policy <name>", "name of the policy (default: the only policy that matches)")
    .option("--token-audience <audience>", "audience of the ID token (default: the exchange's URL)")
    .option(
      "--token-env <name>",
      "environment variable that holds the ID token (default: SVID_EXCHANGE_ID_TOKEN, if set)",
    )
    .option("--token-file <file>", "file that holds the ID token; - for standard input")
    .option("--verify", "verify the SVID with the exchange's published keys before it is used")
    .addOption(
      new Option(
        "--timeout <duration>",
        "longest time for the exchange, all attempts and pauses included",
      ).default("1m"),
    );
}
