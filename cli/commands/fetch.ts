import type { Exchanged } from "../../shared/client/get-svid.ts";
import type { JsonObject } from "../../shared/json.ts";
import { err, ok } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { misused, type Outcome, type Report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type ExchangeFlags, type Planned, prepareExchange } from "../svid/exchange.ts";
import { addExchangeOptions } from "../svid/exchange-options.ts";
import { exchangedLine } from "../svid/exchanged-line.ts";
import { namedFile } from "../svid/svid-file.ts";
import { fieldLine } from "../terminal/field-line.ts";

export interface FetchFlags extends ExchangeFlags {
  /** A path, or `-` for standard output. */
  readonly svidFile?: string;
  readonly dryRun?: boolean;
}

export const addFetch: AddCommand = (program, ports, finish) => {
  addExchangeOptions(addSubcommand(program, "fetch", "get an SVID for a CI job"))
    .option("--svid-file <file>", "file for the SVID, written with mode 0600; - for standard output")
    .option("--dry-run", "show the decision only: nothing is signed, and the ID token can be used again")
    .action(async (flags: FetchFlags & JsonFlag) => {
      finish(await fetchCommand(flags, ports), flags);
    });
};

/** `svid-exchange fetch`: does one exchange, and writes the SVID to a file with mode 0600 or to standard output. */
async function fetchCommand(flags: FetchFlags, ports: Ports): Promise<Outcome> {
  if (flags.svidFile === undefined && flags.dryRun !== true) {
    return misused("--svid-file is missing.", [
      "Give --svid-file FILE to write the SVID to a file with mode 0600, or",
      "give --svid-file - if another program reads standard output: otherwise the SVID is in the job's log.",
    ]);
  }
  const prepared = prepareExchange(flags, ports);
  if (!prepared.ok) return prepared;
  if (flags.dryRun === true) {
    const planned = await prepared.value.plan();
    return planned.ok ? ok(planReport(planned.value, ports)) : planned;
  }
  const exchanged = await prepared.value.exchange();
  if (!exchanged.ok) return err(prepared.value.explain(exchanged.error));
  return deliver(exchanged.value, flags.svidFile, ports);
}

/** Writes the SVID to its file, or reports it for standard output. */
function deliver(exchanged: Exchanged, place: string | undefined, ports: Ports): Outcome {
  const { svid, expiresIn } = exchanged;
  const json = facts(exchanged, expiresIn);
  if (place === undefined || place === "-") return ok({ exit: 0, text: svid, json: { ...json, svid } });
  const file = namedFile(place, ports);
  const written = file.replace(svid);
  if (!written.ok) return written;
  ports.note(`${exchangedLine(exchanged)}, in ${file.path}`);
  return ok({ exit: 0, text: "", json: { ...json, svid_file: file.path } });
}

/** What `--json` prints of an SVID and of a plan alike. */
function facts(decided: Exchanged | Planned, seconds: number): JsonObject {
  return {
    spiffe_id: decided.spiffeId,
    audience: decided.audience,
    policy: decided.policy,
    expires_at: formatInstant(decided.expiresAtMs / 1000),
    expires_in: seconds,
    config_version: decided.configVersion,
  };
}

function planReport(planned: Planned, { paint }: Ports): Report {
  const lines = [
    "Dry run: the exchange signed nothing, and the ID token can be used again.",
    fieldLine("SPIFFE ID", planned.spiffeId, paint),
    fieldLine("audience", planned.audience, paint),
    fieldLine("policy", planned.policy, paint),
    fieldLine("lifetime", `${planned.lifetime}s`, paint),
  ];
  return {
    exit: 0,
    text: `${lines.join("\n")}\n`,
    json: { ...facts(planned, planned.lifetime), dry_run: true },
  };
}
