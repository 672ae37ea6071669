import { describeUnread } from "../../shared/client/describe-unread.ts";
import { printable } from "../../shared/printable.ts";
import { formatInstant } from "../../shared/time.ts";
import type { WorkloadLog } from "../../shared/workload-api/open.ts";
import { explain } from "../explain.ts";
import { failedChecks } from "../explanation.ts";
import type { JobTokenFailure } from "../id-token.ts";
import type { Assignment } from "./messages.ts";

/** The log of the background process: its standard output is a file, which `post` shows. No token is ever in it. */

export function log(line: string): void {
  console.log(printable(`${formatInstant(Math.floor(Date.now() / 1000))} ${line}`));
}

export function workloadLog(facts: Pick<Assignment, "inputs" | "job">): WorkloadLog<JobTokenFailure> {
  return {
    issued: ({ spiffeId, audience, expiresAtMs }) =>
      log(`${spiffeId} for ${audience} until ${formatInstant(expiresAtMs / 1000)}`),
    refused: (audience, failure) => {
      const explanation = explain(failure, facts);
      log(`No SVID for ${audience}. ${explanation.title}`);
      for (const line of [...explanation.text, ...failedChecks(explanation)]) log(`  ${line}`);
    },
    unusable: (audience, { message }) => log(`No SVID for ${audience}. ${message}`),
    bundleChanged: () => log("The keys of the trust domain have changed."),
    bundleUnread: (failure) =>
      log(
        `The keys of the trust domain stay, because they could not be read again. ${describeUnread(failure).message}`,
      ),
    bug: () => log("A bug in the action ended a call of the Workload API."),
  };
}
