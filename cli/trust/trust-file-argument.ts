import { Argument } from "commander";
import { DEFAULT_TRUST_FILE } from "./trust-file.ts";

/** The trust document that a command reads or writes. */
export function trustFileArgument(): Argument {
  return new Argument("[file]", "path of the trust document").default(DEFAULT_TRUST_FILE);
}
