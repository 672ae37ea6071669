import { type Exchanged, getSvid, mayPass, type SvidFailure } from "../../shared/client/get-svid.ts";
import { removeSvidFile, writeSvidFile } from "../../shared/client/svid-file.ts";
import { type Explained, keepFileFresh } from "../../shared/renewal/kept-file.ts";
import { createSvidSource, type SvidSource } from "../../shared/renewal/svid-source.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { explain } from "../explain.ts";
import { failedChecks } from "../explanation.ts";
import { idTokensOf, type JobTokenFailure } from "../id-token.ts";
import { filePorts } from "../svid-file.ts";
import { log } from "./log.ts";
import type { Assignment, KeptSvid } from "./messages.ts";
import type { JobPorts } from "./ports.ts";

type Failure = SvidFailure<JobTokenFailure>;

/** The SVIDs of the job, by audience: the file and the Workload API take theirs from the same ones. */
export type JobSvids = SvidSource<Exchanged, Failure>;

/** @param ended aborted once the job needs no SVID any more. */
export function jobSvids({ inputs, kept }: Assignment, ports: JobPorts, ended: AbortSignal): JobSvids {
  // The runner reads masks from steps alone. This process writes no token to its log.
  const idTokens = idTokensOf(ports.service, inputs.tokenAudience, { ...ports, mask: () => {} });
  const { audience: ofStep, ...options } = inputs;
  let first = kept?.first;
  const exchange = async (audience: string | undefined): Promise<Result<Exchanged, Failure>> => {
    const got = audience === ofStep ? first : undefined;
    if (got !== undefined) {
      first = undefined;
      return ok(got);
    }
    const target = audience === undefined ? {} : { audience };
    return getSvid({ ...options, ...target, subjectToken: idTokens.next }, ports);
  };
  const { nowMs, pause } = ports;
  return createSvidSource({ exchange, mayPass, renewable: true, nowMs, pause }, ended);
}

/** Renews the SVID in the file of the step, until the job ends. */
export function keepFile(
  { file, first }: KeptSvid,
  { inputs, job }: Assignment,
  svids: JobSvids,
  { nowMs, pause }: JobPorts,
  ended: AbortSignal,
): void {
  const held = svids(inputs.audience);
  const inWords = (failure: Failure): Explained => {
    const explanation = explain(failure, { job, inputs });
    const { code, title, text } = explanation;
    return { code, message: `${title}.`, details: [...text, ...failedChecks(explanation)], next: [] };
  };
  const ports = {
    replace: (svid: string) => replaced(file, svid),
    remove: () => removeSvidFile({ path: file.path }, filePorts),
    explain: inWords,
    nowMs,
    pause,
    note: log,
  };
  held
    .get() // Takes the SVID of the step.
    .then(() => keepFileFresh(held, first, ports, ended))
    .catch(() =>
      log("A bug in the action stopped the renewal. The SVID stays in its file until it expires."),
    );
}

function replaced(file: KeptSvid["file"], svid: string): Result<void, Explained> {
  try {
    writeSvidFile(file, svid, filePorts);
    return ok(undefined);
  } catch (error) {
    const errno = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return err({
      code: "svid_file_unwritable",
      message: `${file.path} could not be written (${errno}).`,
      next: [],
    });
  }
}
