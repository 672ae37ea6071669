import type { JsonObject } from "../../shared/json.ts";
import { ok } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { misused, type Outcome, type Report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type Exchanged, type ExchangeFlags, prepareExchange } from "../svid/exchange.ts";
import { addExchangeOptions } from "../svid/exchange-options.ts";
import { exchangedLine } from "../svid/exchanged-line.ts";
import { namedSvidFile } from "../svid/svid-file.ts";
import { printable } from "../terminal/paint.ts";

export interface FetchFlags extends ExchangeFlags {
  /** A path, or `-` for standard output. */
  readonly svidFile?: string;
}

export const addFetch: AddCommand = (program, ports, finish) => {
  addExchangeOptions(addSubcommand(program, "fetch", "get an SVID in a CI job"))
    .option("--svid-file <file>", "write the SVID there with mode 0600; - for standard output")
    .option("--dry-run", "verify and decide only: nothing is signed, the ID token is not used up")
    .action(async (flags: FetchFlags & JsonFlag) => {
      finish(await fetchCommand(flags, ports), flags);
    });
};

/** `svid-exchange fetch`: one exchange, and the SVID to a file of mode 0600 or to standard output. */
async function fetchCommand(flags: FetchFlags, ports: Ports): Promise<Outcome> {
  if (flags.svidFile === undefined && flags.dryRun !== true) {
    return misused("Nothing says where the SVID goes.", [
      "Give --svid-file FILE, which is written with mode 0600, or --svid-file - for standard output.",
      "Standard output that nothing captures is the job's log, and an SVID must not be there.",
    ]);
  }
  const prepared = prepareExchange(flags, ports);
  if (!prepared.ok) return prepared;
  const outcome = await prepared.value.once();
  if (!outcome.ok) return outcome;
  const { svid } = outcome.value;
  if (svid === undefined) return ok(dryRunReport(outcome.value));
  if (flags.svidFile === undefined || flags.svidFile === "-") {
    return ok({ exit: 0, text: svid, json: { ...facts(outcome.value), svid } });
  }
  const file = namedSvidFile(flags.svidFile, ports);
  const written = file.replace(svid);
  if (!written.ok) return written;
  ports.note(`${exchangedLine(outcome.value)}, in ${file.path}`);
  return ok({ exit: 0, text: "", json: { ...facts(outcome.value), svid_file: file.path } });
}

/** What `--json` says of an exchange, whatever becomes of the SVID. */
function facts(exchanged: Exchanged): JsonObject {
  return {
    spiffe_id: exchanged.spiffeId,
    audience: exchanged.audience,
    policy: exchanged.policy,
    expires_at: formatInstant(exchanged.expiresAtMs / 1000),
    expires_in: exchanged.expiresIn,
    config_version: exchanged.configVersion,
  };
}

function dryRunReport(exchanged: Exchanged): Report {
  const lines = [
    "Dry run: nothing was signed, and the ID token was not used up.",
    `  SPIFFE ID  ${printable(exchanged.spiffeId)}`,
    `  audience   ${printable(exchanged.audience)}`,
    `  policy     ${printable(exchanged.policy)}`,
    `  lifetime   ${exchanged.expiresIn}s`,
  ];
  return { exit: 0, text: `${lines.join("\n")}\n`, json: { ...facts(exchanged), dry_run: true } };
}
