import { type ClientPorts, exchange, plan, type SubjectTokenSource } from "../shared/client/exchange.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { Minted, Plan } from "../shared/wire.ts";
import type { ActionFailure } from "./explain.ts";
import type { IdTokenFailure } from "./id-token.ts";
import type { Inputs } from "./inputs.ts";
import { verifySvid } from "./verify-svid.ts";

export interface ActionPorts extends ClientPorts {
  /** Tells the runner to hide a value from every log from now on. */
  readonly mask: (secret: string) => void;
}

type IdTokens = SubjectTokenSource<IdTokenFailure>;

/** Asks what the job would get. */
export function planSvid(
  inputs: Inputs,
  subjectToken: IdTokens,
  ports: ActionPorts,
): Promise<Result<Plan, ActionFailure>> {
  return plan({ ...inputs, subjectToken }, ports);
}

/**
 * Gets the job's SVID, and verifies it if that is wanted. It is masked before anything else is done with it; inputs'
 * timeout covers exchange and verification together.
 */
export async function getSvid(
  inputs: Inputs,
  subjectToken: IdTokens,
  ports: ActionPorts,
): Promise<Result<Minted, ActionFailure>> {
  const deadlineMs = ports.nowMs() + inputs.timeoutMs;
  const minted = await exchange({ ...inputs, subjectToken }, ports);
  if (!minted.ok) return minted;
  const { svid, audience, spiffeId } = minted.value;
  ports.mask(svid);
  if (!inputs.verify) return minted;
  const expected = { issuer: inputs.exchangeUrl, audience, spiffeId };
  const verified = await verifySvid(svid, expected, deadlineMs - ports.nowMs(), ports);
  return verified.ok ? ok(minted.value) : err({ code: "svid_not_verified", reason: verified.error });
}
