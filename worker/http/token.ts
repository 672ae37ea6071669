import type { Denial } from "../../shared/denial.ts";
import type { Result } from "../../shared/result.ts";
import type { ExchangeSuccess } from "../../shared/wire.ts";
import { type Exchanged, exchange, type Trail } from "../exchange.ts";
import type { Call } from "./call.ts";
import { respondDenial, respondSuccess } from "./respond.ts";
import { readTokenRequest } from "./token-request.ts";

/** `POST /token`: reads the request, exchanges, writes the audit line, answers. */
export async function serveToken(call: Call): Promise<Response> {
  const trail: Trail = {};
  const result = await attempt(call, trail);
  if (!result.ok) return respondDenial(result.error, call.requestId);
  return respondSuccess(answer(result.value, trail, call.now), call.requestId);
}

async function attempt(call: Call, trail: Trail): Promise<Result<Exchanged, Denial>> {
  const request = await readTokenRequest(call.request);
  if (!request.ok) return request;
  return exchange(request.value, call.services, trail, call.now, call.background);
}

function answer({ grant, svid }: Exchanged, { inForce }: Trail, now: number): ExchangeSuccess {
  return {
    ...(svid === undefined ? {} : { svid: svid.token }),
    expiresIn: svid === undefined ? grant.ttlSeconds : svid.exp - now,
    spiffeId: grant.spiffeId,
    audience: grant.audience,
    policy: grant.policy,
    configVersion: inForce?.version ?? "",
  };
}
