import { type ClientPorts, exchange, type SubjectTokenSource } from "../shared/client/exchange.ts";
import type { JsonObject } from "../shared/json.ts";
import { err, ok, type Result } from "../shared/result.ts";
import type { ExchangeSuccess } from "../shared/wire.ts";
import type { ActionFailure } from "./explain.ts";
import { type IdTokenFailure, type IdTokenService, requestIdToken } from "./id-token.ts";
import type { Inputs } from "./inputs.ts";
import { ownClaims } from "./job.ts";
import { verifySvid } from "./verify-svid.ts";

export interface RunPorts extends ClientPorts {
  readonly userAgent: string;
  /** Tells the runner to hide a value from every log from now on. */
  readonly mask: (secret: string) => void;
}

/** How it went, and who the job turned out to be. */
export interface Ran {
  readonly outcome: Result<ExchangeSuccess, ActionFailure>;
  /** The claims of the last ID token, unverified, for display. */
  readonly claims?: JsonObject;
}

/**
 * Asks the runner for an ID token, exchanges it, and verifies what came back if that is wanted. Every token is masked
 * before anything else is done with it.
 */
export async function run(
  inputs: Inputs,
  service: IdTokenService | undefined,
  ports: RunPorts,
): Promise<Ran> {
  const deadlineMs = ports.nowMs() + inputs.timeoutMs;
  let claims: JsonObject | undefined;
  const subjectToken = idTokens(inputs.tokenAudience, service, ports, (idToken) => {
    ports.mask(idToken);
    claims = ownClaims(idToken);
  });
  const answer = await exchange({ ...inputs, userAgent: ports.userAgent, subjectToken }, ports);
  if (answer.ok && answer.value.svid !== undefined) ports.mask(answer.value.svid);
  const outcome = answer.ok ? await checked(answer.value, inputs, deadlineMs - ports.nowMs(), ports) : answer;
  return { outcome, ...(claims === undefined ? {} : { claims }) };
}

/** A fresh ID token for each try, shown to `seen` before anyone else has it. */
function idTokens(
  audience: string,
  service: IdTokenService | undefined,
  ports: RunPorts,
  seen: (idToken: string) => void,
): SubjectTokenSource<IdTokenFailure> {
  return async (signal) => {
    if (service === undefined) return err({ retryable: false, failure: { code: "id_token_not_offered" } });
    const token = await requestIdToken(service, audience, ports, signal);
    if (token.ok) seen(token.value);
    return token;
  };
}

async function checked(
  answer: ExchangeSuccess,
  inputs: Inputs,
  leftMs: number,
  ports: RunPorts,
): Promise<Result<ExchangeSuccess, ActionFailure>> {
  if (!inputs.verify || answer.svid === undefined) return ok(answer);
  const expected = { issuer: inputs.exchangeUrl, audience: answer.audience, spiffeId: answer.spiffeId };
  const verified = await verifySvid(answer.svid, expected, leftMs, ports);
  return verified.ok ? ok(answer) : err({ code: "svid_not_verified", reason: verified.error });
}
