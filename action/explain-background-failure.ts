import type { BackgroundFailure } from "./background-failure.ts";
import type { Advice, Facts } from "./explanation.ts";

/** Why the Workload API, or the renewal of the file, did not begin. */
export function explainBackground(failure: BackgroundFailure, { inputs }: Facts): Advice {
  switch (failure.code) {
    case "exchange_keys_unread":
      return {
        code: failure.code,
        title: "The keys of the exchange could not be read, and the Workload API needs them",
        text: [failure.message, failure.advice, `The exchange is ${inputs?.exchangeUrl}.`],
      };
    case "address_unusable":
      return {
        code: failure.code,
        title: `The Workload API cannot listen at ${failure.address} (${failure.errno})`,
        text: [failure.errno === "EADDRINUSE" ? IN_USE : UNWRITABLE],
      };
    case "background_not_ready":
      return {
        code: failure.code,
        title: "The background process of this step is not ready",
        text: [`It is not ready because ${failure.how}. Its log:`, ...logOrNothing(failure.log)],
      };
  }
}

const IN_USE =
  "Another server listens there, or one that was killed left its socket. Choose another path for the input socket, or leave the input out.";
const UNWRITABLE =
  "Choose a path for the input socket in a folder that the job may write to, or leave the input out.";

function logOrNothing(log: readonly string[]): readonly string[] {
  return log.length === 0 ? ["(it is empty)"] : log;
}
