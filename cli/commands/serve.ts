import { ok } from "../../shared/result.ts";
import { ENDPOINT_VARIABLE } from "../../shared/workload-api/open.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import type { Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type ExchangeFlags, prepareExchange } from "../svid/exchange.ts";
import { addExchangeUrlOption, addIssuingOptions } from "../svid/exchange-options.ts";
import { jobSvids } from "../svid/job-svids.ts";
import { endSignal } from "../workload-api/end-signal.ts";
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
  const asked = endSignal();
  const svids = jobSvids(prepared.value, ports, ended.signal);
  const opened = await openJobApi(prepared.value, svids, flags, ports);
  if (!opened.ok) return opened;
  const { endpoint, close } = opened.value;
  ports.print(
    flags.json === true ? `${JSON.stringify({ endpoint })}\n` : `${ENDPOINT_VARIABLE}=${endpoint}\n`,
  );
  await asked;
  ended.abort();
  await close();
  return ok({ exit: 0, text: "", json: null });
}
