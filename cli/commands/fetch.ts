import type { JsonObject } from "../../shared/json.ts";
import { ok } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import { misused, type Outcome, type Report } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { type Exchanged, type ExchangeFlags, prepareExchange } from "../svid/exchange.ts";
import { namedSvidFile } from "../svid/svid-file.ts";
import { printable } from "../terminal/paint.ts";

export interface FetchFlags extends ExchangeFlags {
  /** A path, or `-` for standard output. */
  readonly svidFile?: string;
  readonly json?: boolean;
}

/** `svid-exchange fetch`: one exchange, and the SVID to a file of mode 0600 or to standard output. */
export async function fetchSvid(flags: FetchFlags, ports: Ports): Promise<Outcome> {
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
  ports.note(`${describe(outcome.value)}, in ${file.path}`);
  return ok({ exit: 0, text: "", json: { ...facts(outcome.value), svid_file: file.path } });
}

/** What `--json` says of an exchange, whatever becomes of the SVID. */
export function facts(exchanged: Exchanged): JsonObject {
  return {
    spiffe_id: exchanged.spiffeId,
    audience: exchanged.audience,
    policy: exchanged.policy,
    expires_at: formatInstant(exchanged.expiresAtMs / 1000),
    expires_in: exchanged.expiresIn,
    config_version: exchanged.configVersion,
  };
}

/** An SVID in one line, without the SVID. */
export function describe({ spiffeId, audience, expiresAtMs }: Exchanged): string {
  return `${printable(spiffeId)} for ${printable(audience)} until ${formatInstant(expiresAtMs / 1000)}`;
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
