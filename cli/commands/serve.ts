import { ok } from "../../shared/result.ts";
import { ENDPOINT_VARIABLE } from "../../shared/workload-api/open.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import type { Outcome, Report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { awaitEndSignal } from "../svid/end-signal.ts";
import { type ExchangeFlags, prepareExchange } from "../svid/exchange.ts";
import { addExchangeUrlOption, addIssuingOptions } from "../svid/exchange-options.ts";
import { jobSvids } from "../svid/job-svids.ts";
import { openJobApi } from "../workload-api/open.ts";
import { addWorkloadApiOptions, type WorkloadApiFlags } from "../workload-api/options.ts";

export interface ServeFlags extends Omit<ExchangeFlags, "audience">, WorkloadApiFlags, JsonFlag {}

export const addServe: AddCommand = (program, ports, finish) => {
  addWorkloadApiOptions(
    addIssuingOptions(
      addExchangeUrlOption(
        addSubcommand(program, "serve", "serve the SPIFFE Workload API to the programs of this job"),
      ),
    ),
  ).action(async (flags: ServeFlags) => {
    finish(await serveCommand(flags, ports), flags);
  });
};

/**
 * `svid-exchange serve`: serves the SPIFFE Workload API until a signal ends it. Standard output has one line, the
 * environment variable for SPIFFE programs, as soon as the server answers.
 */
async function serveCommand(flags: ServeFlags, ports: Ports): Promise<Outcome> {
  const prepared = prepareExchange(flags, ports);
  if (!prepared.ok) return prepared;
  const ended = new AbortController();
  const { given } = awaitEndSignal();
  try {
    const svids = jobSvids(prepared.value, ports, ended.signal);
    const opening = openJobApi(prepared.value, svids, flags, ports, ended.signal);
    const opened = await Promise.race([opening, given]);
    if (typeof opened === "string") return ok(NOTHING);
    if (!opened.ok) return opened;
    const { endpoint, close } = opened.value;
    ports.print(
      flags.json === true ? `${JSON.stringify({ endpoint })}\n` : `${ENDPOINT_VARIABLE}=${endpoint}\n`,
    );
    await given;
    await close();
    return ok(NOTHING);
  } finally {
    ended.abort();
  }
}

const NOTHING: Report = { exit: 0, text: "", json: null };
