import * as fs from "node:fs";
import { describeUnread } from "../../shared/client/describe-unread.ts";
import { removeSvidFile } from "../../shared/client/svid-file.ts";
import type { ListenPlace } from "../../shared/grpc/server.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { type OpenFailure, openWorkloadApi } from "../../shared/workload-api/open.ts";
import type { BackgroundFailure } from "../background-failure.ts";
import { explainIdToken } from "../explain-id-token-failure.ts";
import type { JobTokenFailure } from "../id-token.ts";
import { filePorts } from "../svid-file.ts";
import { JOB_ENDED, watchLifetime } from "./lifetime.ts";
import { log, workloadLog } from "./log.ts";
import type { Assignment } from "./messages.ts";
import type { JobPorts } from "./ports.ts";
import { type JobSvids, jobSvids, keepFile } from "./svids.ts";

/** Does what the step has assigned, until the job ends. */
export async function serveJob(assignment: Assignment, ports: JobPorts): Promise<void> {
  const { end, outliveStep } = await watchLifetime(assignment);
  const ended = new AbortController();
  const svids = jobSvids(assignment, ports, ended.signal);
  const api = await Promise.race([openApi(assignment, svids, ports), end.then(() => undefined)]);
  if (api === undefined) return removeFolder(assignment);
  if (!api.ok) return ports.reply({ failed: api.error });
  if (assignment.kept !== undefined) keepFile(assignment.kept, assignment, svids, ports, ended.signal);
  const { endpoint, close } = api.value;
  outliveStep();
  await ports.reply({ ready: endpoint === undefined ? {} : { endpoint } });
  const why = await end;
  log(`This process ends: ${why}.`);
  ended.abort();
  await close();
  if (why !== JOB_ENDED) removeTraces(assignment);
}

/** `post` does this where the job has ended as it should. Otherwise nobody else will. */
function removeTraces(assignment: Assignment): void {
  const { kept, listenAt } = assignment;
  if (kept !== undefined) removeSvidFile(kept.file, filePorts);
  if (listenAt !== undefined && "path" in listenAt) fs.rmSync(listenAt.path, { force: true });
  removeFolder(assignment);
}

function removeFolder({ folder }: Assignment): void {
  fs.rmSync(folder, { force: true, recursive: true });
}

interface OpenedApi {
  readonly endpoint?: string;
  readonly close: () => Promise<void>;
}

async function openApi(
  assignment: Assignment,
  svids: JobSvids,
  ports: JobPorts,
): Promise<Result<OpenedApi, BackgroundFailure>> {
  const { inputs, job, listenAt } = assignment;
  if (listenAt === undefined) return ok({ close: async () => {} });
  const issuing = {
    svids,
    explainNoToken: (failure: JobTokenFailure) => explainIdToken(failure, job).title,
  };
  const options = { issuer: inputs.exchangeUrl, timeoutMs: inputs.timeoutMs, place: listenAt };
  const opened = await openWorkloadApi(options, issuing, ports, workloadLog(assignment));
  return opened.ok ? opened : err(plainFailure(opened.error, listenAt));
}

function plainFailure(failure: OpenFailure, place: ListenPlace): BackgroundFailure {
  if (failure.code === "unpublished") {
    return { code: "exchange_keys_unread", ...describeUnread(failure.failure) };
  }
  return {
    code: "address_unusable",
    address: "path" in place ? place.path : place.host,
    errno: failure.errno,
  };
}
