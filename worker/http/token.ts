import { type Denial, deny } from "../../shared/denial.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Minted, Plan } from "../../shared/wire.ts";
import { type Exchanged, exchange, type Trail } from "../exchange/exchange.ts";
import { logFailure } from "../log.ts";
import { tokenHash } from "../token-hash.ts";
import type { Call } from "./call.ts";
import { countRefusal } from "./count-refusal.ts";
import { respondDenial, respondSuccess } from "./respond.ts";
import { readTokenRequest } from "./token-request.ts";

/**
 * `POST /token`: turns away who floods, reads the request, exchanges, counts a refusal, writes the audit line, answers. All of it goes on where
 * the caller closes the connection, so that each token that was used has its audit line.
 */
export function serveToken(call: Call): Promise<Response> {
  const served = serve(call);
  call.background(served);
  return served;
}

async function serve(call: Call): Promise<Response> {
  const trail: Trail = {};
  const started = performance.now();
  const result = await exchangeFor(call, trail)
    .then((result) => countRefusal(call, result))
    .catch((defect: unknown): Result<Exchanged, Denial> => {
      logFailure(`request ${call.requestId}`)(defect);
      return err(deny("internal_error", "The exchange failed."));
    });
  const { now, requestId, request } = call;
  const { colo } = (request as { cf?: { colo?: string } }).cf ?? {};
  const outcome = { now, requestId, result, trail, latencyMs: performance.now() - started, colo };
  call.services.record(outcome, call.background);
  if (!result.ok) return respondDenial(result.error, requestId);
  return respondSuccess(successOf(result.value, now), requestId);
}

async function exchangeFor(call: Call, trail: Trail): Promise<Result<Exchanged, Denial>> {
  const turnedAway = call.services.rateLimits.turnAway(call.request.headers, call.now);
  if (turnedAway !== undefined) return err(turnedAway);
  const request = await readTokenRequest(call.request);
  if (!request.ok) return request;
  trail.subjectTokenHash = await tokenHash(request.value.subjectToken);
  const { trust, now, background, services } = call;
  return trust.ok ? exchange(request.value, { trust: trust.value, trail, now, background }, services) : trust;
}

/** What the caller is told of an allowed exchange. */
export function successOf(exchanged: Exchanged, now: number): Minted | Plan {
  const { grant, configVersion } = exchanged;
  const { spiffeId, audience, policy } = grant;
  const decision = { spiffeId, audience, policy, configVersion };
  if (exchanged.kind === "planned") return { lifetime: grant.ttlSeconds, ...decision };
  const { token, exp } = exchanged.svid;
  return { svid: token, expiresIn: exp - now, ...decision };
}
