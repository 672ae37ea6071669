import type { Command } from "commander";
import type { Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";

/** Adds one command to the program: its arguments and flags, and what it does with them. */
export type Declare = (program: Command, ports: Ports, done: Done) => void;

/** Takes what came of a command, with the flags that say how to tell it. */
export type Done = (outcome: Outcome, flags: JsonFlag) => void;

export interface JsonFlag {
  readonly json?: boolean;
}

/** A command with the flags that all of them have. */
export function sub(program: Command, nameAndArgs: string, description: string): Command {
  return program
    .command(nameAndArgs)
    .description(description)
    .helpOption("-h, --help", "print this help")
    .option("--json", "print one JSON document for programs");
}
