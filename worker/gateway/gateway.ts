import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { tokenHash } from "../token-hash.ts";
import { type Target, targetOf } from "./application-request.ts";
import { bearerToken } from "./bearer-token.ts";
import { askOrigin, type OriginOf } from "./origin.ts";
import { originAnswer } from "./origin-answer.ts";
import { originRequest } from "./origin-request.ts";
import { makePass, type Pass, type PassContext, type PassParts } from "./pass.ts";
import type { Passes } from "./passes.ts";
import { limitWebSocket } from "./web-socket.ts";

export interface GatewayParts extends PassParts {
  readonly passes: Passes;
  readonly originOf: OriginOf;
}

/** One request to an application. */
export interface Access extends PassContext {
  readonly request: Request;
  readonly requestId: string;
}

/**
 * One request to an application, first failure wins: the method and the target, the caller's token, the pass that the
 * token gives (its caller verified, its rule decided, its assertion signed, all once), the way to the origin, the
 * origin's answer.
 */
export async function passThrough(access: Access, parts: GatewayParts): Promise<Result<Response, Denial>> {
  const { request, application, now } = access;
  if (request.method === "TRACE") return err(NO_TRACE);
  const target = targetOf(request, application);
  if (!target.ok) return target;
  const token = bearerToken(request.headers);
  if (!token.ok) return token;
  const pass = await passOf(token.value, access, parts);
  if (!pass.ok) return pass;
  const answer = await answerOf(access, target.value, pass.value, parts.originOf);
  if (!answer.ok || application.websocketLimit === "none") return answer;
  return ok(limitWebSocket(answer.value, (pass.value.assertion.exp - now) * 1000));
}

/** RFC 9110 §9.3.8: the answer to TRACE is the request as it arrived, and so would show the caller its assertion. */
const NO_TRACE = deny("method_not_allowed", "The gateway does not pass TRACE on.");

async function passOf(token: string, access: Access, parts: GatewayParts): Promise<Result<Pass, Denial>> {
  const { application, trust, now, trail } = access;
  const hash = await tokenHash(token);
  trail.tokenHash = hash;
  const kept = parts.passes.find(application.name, hash, trust, now);
  const pass = kept === undefined ? await makePass(token, access, parts) : ok(kept);
  if (!pass.ok) return pass;
  trail.caller = pass.value.caller;
  trail.pass = pass.value;
  if (kept === undefined) parts.passes.keep(application.name, hash, trust, pass.value);
  return pass;
}

async function answerOf(
  { request, application, requestId }: Access,
  target: Target,
  pass: Pass,
  originOf: OriginOf,
): Promise<Result<Response, Denial>> {
  const origin = originOf(application);
  if (origin === undefined) {
    return err(deny("origin_not_bound", "This deployment has no binding for the origin of the application."));
  }
  const outgoing = originRequest(request, { application, target, pass, requestId });
  const answer = await askOrigin(origin, outgoing, application.origin.binding?.kind === "service");
  return answer.ok ? originAnswer(answer.value, target, pass.carriers) : answer;
}
