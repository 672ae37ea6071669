import type { World } from "../../../local/world.ts";
import { type Findings, type Outcome, outcomeOf, type Skipped } from "../outcome.ts";
import { type Command, commandOf, install, type Party } from "../party.ts";
import { CHECKS } from "./checks.ts";
import { serveJob } from "./job.ts";
import { changeKeys, type Running } from "./key-change.ts";
import { GO_SPIFFE, JAVA_SPIFFE, PY_SPIFFE, RUST_SPIFFE, SPIFFE_HELPER, SPIRE_AGENT } from "./parties.ts";
import { spiffeHelper } from "./spiffe-helper.ts";
import { spireAgent } from "./spire-agent.ts";
import { startWorkload, type Workload } from "./workload.ts";

interface Client {
  readonly party: Party;
  readonly endpoint: "unix" | "tcp";
  readonly start: (command: Command, endpoint: string) => Workload;
}

/** grpc-java sends the path of a socket as `:authority`, which nghttp2 of Node refuses (RFC 9113 §8.3.1). */
const CLIENTS: readonly Client[] = [
  { party: GO_SPIFFE, endpoint: "unix", start: startWorkload },
  { party: PY_SPIFFE, endpoint: "unix", start: startWorkload },
  { party: JAVA_SPIFFE, endpoint: "tcp", start: startWorkload },
  { party: RUST_SPIFFE, endpoint: "unix", start: startWorkload },
  { party: SPIRE_AGENT, endpoint: "unix", start: spireAgent },
  { party: SPIFFE_HELPER, endpoint: "unix", start: spiffeHelper },
];

export const WORKLOAD_API_PARTIES: readonly Party[] = CLIENTS.map(({ party }) => party);

/** Drives every client of the Workload API that is here, then changes the keys of the exchange under their eyes. */
export async function driveWorkloadApi(world: World): Promise<Findings> {
  const job = await serveJob(world);
  const skipped: Skipped[] = [];
  const running: Running[] = [];
  const outcomes: Outcome[] = [];
  try {
    for (const { party, endpoint, start } of CLIENTS) {
      const found = commandOf(party);
      if ("missing" in found) skipped.push({ party: party.name, why: found.missing });
      else running.push({ party, workload: start(found.command, job.endpoints[endpoint]) });
    }
    for (const { party, workload } of running) {
      for (const { name, run } of CHECKS) {
        outcomes.push(await outcomeOf(party.name, name, () => run(workload, job)));
      }
    }
    const changed = await changeKeys(running, job, world);
    return {
      title: "Clients of the SPIFFE Workload API",
      driven: running.map(({ party }) => party),
      skipped,
      outcomes: [...outcomes, ...changed.outcomes],
      notes: changed.notes,
    };
  } finally {
    for (const { workload } of running) await workload.close();
    await job.close();
  }
}

export function installWorkloadApi(): void {
  for (const party of WORKLOAD_API_PARTIES) install(party);
}
