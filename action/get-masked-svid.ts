import type { SubjectTokenSource } from "../shared/client/exchange.ts";
import { type Exchanged, getSvid } from "../shared/client/get-svid.ts";
import { readWithRetry } from "../shared/client/read-document.ts";
import { verifyMinted } from "../shared/client/verify-minted.ts";
import { err, type Result } from "../shared/result.ts";
import type { ActionFailure } from "./explain.ts";
import type { JobTokenFailure } from "./id-token.ts";
import type { Inputs } from "./inputs.ts";
import type { ActionPorts } from "./ports.ts";

/**
 * Gets the job's SVID, and verifies it where the input `verify` says so. It is masked before anything else is done with
 * it. The input `timeout` covers exchange and verification together.
 */
export async function getMaskedSvid(
  inputs: Inputs,
  subjectToken: SubjectTokenSource<JobTokenFailure>,
  ports: ActionPorts,
): Promise<Result<Exchanged, ActionFailure>> {
  const deadlineMs = ports.nowMs() + inputs.timeoutMs;
  const minted = await getSvid({ ...inputs, verify: false, subjectToken }, ports);
  if (!minted.ok) return minted;
  ports.mask(minted.value.svid);
  if (!inputs.verify) return minted;
  const read = readWithRetry(deadlineMs - ports.nowMs(), ports);
  const verified = await verifyMinted(minted.value, inputs.exchangeUrl, read, ports.nowMs);
  return verified.ok ? minted : err({ code: "svid_not_verified", failure: verified.error });
}
