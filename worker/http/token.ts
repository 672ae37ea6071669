import { bytesToHex } from "@noble/hashes/utils.js";
import { type Denial, type DenialCode, denialRow, deny } from "../../shared/denial.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Minted, Plan } from "../../shared/wire.ts";
import { type Exchanged, exchange, type Trail } from "../exchange/exchange.ts";
import { logFailure } from "../log.ts";
import type { Call } from "./call.ts";
import { respondDenial, respondSuccess } from "./respond.ts";
import { readTokenRequest } from "./token-request.ts";

/** How a request ended. */
interface Ending {
  readonly result: Result<Exchanged, Denial>;
  /** Why the exchange was refused, where `rate_limited` is the answer instead. */
  readonly cause?: DenialCode;
}

/**
 * `POST /token`: reads the request, exchanges, counts a refusal, writes the audit line, answers. All of it goes on where
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
  const ending = await exchangeFor(call, trail)
    .then((result) => countRefusal(call, result))
    .catch((defect: unknown): Ending => {
      logFailure(`request ${call.requestId}`)(defect);
      return { result: err(deny("internal_error", "The exchange failed.")) };
    });
  const { now, requestId, request } = call;
  const { colo } = (request as { cf?: { colo?: string } }).cf ?? {};
  call.services.record({ now, requestId, ...ending, trail, latencyMs: performance.now() - started, colo });
  if (!ending.result.ok) return respondDenial(ending.result.error, requestId);
  return respondSuccess(successOf(ending.result.value, now), requestId);
}

async function exchangeFor(call: Call, trail: Trail): Promise<Result<Exchanged, Denial>> {
  const request = await readTokenRequest(call.request);
  if (!request.ok) return request;
  trail.subjectTokenHash = await sha256Hex(request.value.subjectToken);
  const { trust, now, background, services } = call;
  return trust.ok ? exchange(request.value, { trust: trust.value, trail, now, background }, services) : trust;
}

/** A refusal that the caller can avoid counts against its address. A success or a failure of ours does not. */
async function countRefusal(call: Call, result: Result<Exchanged, Denial>): Promise<Ending> {
  if (result.ok || result.error.code === "rate_limited") return { result };
  if (denialRow(result.error.code).status >= 500) return { result };
  const limited = await call.services.rateLimits.refusedFrom(call.request.headers);
  return limited === undefined ? { result } : { result: err(limited), cause: result.error.code };
}

async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return bytesToHex(new Uint8Array(digest));
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
