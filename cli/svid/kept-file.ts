import type { Exchanged } from "../../shared/client/get-svid.ts";
import { keepFileFresh } from "../../shared/renewal/kept-file.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Failure } from "../outcome.ts";
import { pause } from "../pause.ts";
import type { Ports } from "../ports.ts";
import type { PreparedExchange } from "./exchange.ts";
import { exchangedLine } from "./exchanged-line.ts";
import type { JobSvids } from "./job-svids.ts";
import { namedFile, type RenewedFile, temporaryFile } from "./svid-file.ts";

export interface KeptFileFlags {
  /** Absent: the only audience of the policy. */
  readonly audience?: string;
  /** A path; absent: a new file in a new folder. */
  readonly svidFile?: string;
}

/**
 * Gets an SVID, puts it into its file, and keeps it fresh there.
 *
 * @param ended aborted once the file is needed no more: it is then removed.
 */
export async function openKeptFile(
  prepared: PreparedExchange,
  svids: JobSvids,
  flags: KeptFileFlags,
  ports: Ports,
  ended: AbortSignal,
): Promise<Result<RenewedFile, Failure>> {
  const held = svids(flags.audience);
  const first = await held.get();
  if (!first.ok) return err(prepared.explain(first.error));
  const file = flags.svidFile === undefined ? temporaryFile(ports) : namedFile(flags.svidFile, ports);
  ended.addEventListener("abort", file.dispose);
  const written = file.replace(first.value.svid);
  if (!written.ok) return written;
  announce(prepared, first.value, ports);
  const { replace, remove } = file;
  const { nowMs, note } = ports;
  keepFileFresh(
    held,
    first.value,
    { replace, remove, explain: prepared.explain, nowMs, note, pause },
    ended,
  ).catch(() =>
    note("A bug in svid-exchange stopped the renewal. The SVID stays in its file until it expires."),
  );
  return ok(file);
}

function announce({ origin }: PreparedExchange, first: Exchanged, { note }: Pick<Ports, "note">): void {
  note(exchangedLine(first));
  if (origin.renewable) return;
  note(
    `The ID token in ${origin.name} cannot be renewed. The SVID is renewed only while the exchange accepts the same token again, which is tried shortly before the SVID expires.`,
  );
}
