import type { SubjectTokenSource } from "../shared/client/exchange.ts";
import { attemptSignal } from "../shared/client/fetch.ts";
import { withRetry } from "../shared/client/retry.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { ActionFailure } from "./explain.ts";
import type { JobTokenFailure } from "./id-token.ts";
import type { Inputs } from "./inputs.ts";
import type { ActionPorts } from "./ports.ts";

/** Gets an ID token and exchanges none: a job that may have no ID token is told so here, and not by a later program. */
export async function proveIdToken(
  { timeoutMs }: Inputs,
  subjectToken: SubjectTokenSource<JobTokenFailure>,
  ports: ActionPorts,
): Promise<Result<undefined, ActionFailure>> {
  const got = await withRetry((leftMs) => subjectToken(attemptSignal(leftMs, ports)), timeoutMs, ports);
  return got.ok ? ok(undefined) : err({ code: "no_subject_token", failure: got.error.failure });
}
