import type { Command } from "commander";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type Failure, misused } from "../outcome.ts";

/** The flags of the Workload API. */
export interface WorkloadApiFlags {
  /** Absent: a socket in a new folder. */
  readonly socket?: string;
  /** A port, or `true` for any free one. */
  readonly tcp?: string | true;
  readonly trustDomain?: string;
}

export function addWorkloadApiOptions(command: Command): Command {
  return command
    .option("--socket <path>", "unix socket of the Workload API (default: in a new folder)")
    .option(
      "--tcp [port]",
      "serve on 127.0.0.1 instead of a socket: every process of this machine, of any user, can then get the job's SVIDs",
    )
    .option("--trust-domain <name>", "trust domain of the SVIDs (default: as the exchange publishes it)");
}

/** The port of --tcp: 0 stands for any free one. */
export function readPort({ socket, tcp }: WorkloadApiFlags): Result<number | undefined, Failure> {
  if (tcp === undefined) return ok(undefined);
  if (socket !== undefined)
    return misused("Give at most one of --socket and --tcp.", "Leave out one of the two.");
  if (tcp === true) return ok(0);
  if (/^\d{1,5}$/.test(tcp) && Number(tcp) <= 65_535) return ok(Number(tcp));
  return misused(
    `--tcp cannot be used: "${printable(tcp)}" is not a port.`,
    "Give --tcp a port from 1 to 65535, or no value for any free port.",
  );
}
