import type { Command } from "commander";
import type { Outcome } from "./outcome.ts";
import type { Ports } from "./ports.ts";

/** Adds one command to the program: its arguments and options, and the function that does its work. */
export type AddCommand = (program: Command, ports: Ports, finish: Finish) => void;

/** Takes the outcome of a command, and the flag that says in which form to print it. */
export type Finish = (outcome: Outcome, flags: JsonFlag) => void;

export interface JsonFlag {
  readonly json?: boolean;
}

/** A new command of the program, with the options that every command has. */
export function addSubcommand(program: Command, nameAndArguments: string, description: string): Command {
  return program
    .command(nameAndArguments)
    .description(description)
    .helpOption("-h, --help", "print this help")
    .option("--json", "print one JSON document, for programs");
}
