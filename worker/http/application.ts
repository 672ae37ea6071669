import { type Denial, denialRow, deny } from "../../shared/denial.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import { passThrough } from "../gateway/gateway.ts";
import type { AccessTrail } from "../gateway/pass.ts";
import { logFailure } from "../log.ts";
import type { TrustInForce } from "../trust/trust-in-force.ts";
import type { Call } from "./call.ts";
import { countRefusal } from "./count-refusal.ts";
import { respondDenial } from "./respond.ts";

/** Methods of RFC 9110 §9.3 and RFC 5789 that pass. Others pass too, but for TRACE. */
const ALLOW = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

/** A request to an application: passes it through, counts a refusal, tells the access log, answers. */
export async function serveApplication(
  call: Call,
  application: Application,
  trust: TrustInForce,
): Promise<Response> {
  const trail: AccessTrail = {};
  const started = performance.now();
  const { now, requestId, request, services } = call;
  const result = await passThrough({ ...call, application, trust, trail }, services.gateway)
    .then((passed) => countRefusal(call, passed))
    .catch((defect: unknown): Result<Response, Denial> => {
      logFailure(`request ${requestId}`)(defect);
      return err(deny("internal_error", "The gateway failed."));
    });
  services.recordAccess({
    now,
    requestId,
    application: application.name,
    configVersion: trust.version,
    ...(result.ok ? {} : { denial: result.error }),
    trail,
    latencyMs: performance.now() - started,
    colo: (request as { cf?: { colo?: string } }).cf?.colo,
  });
  return result.ok ? result.value : refuse(result.error, requestId);
}

function refuse(denial: Denial, requestId: string): Response {
  const headers = denialRow(denial.code).status === 405 ? { allow: ALLOW } : {};
  return respondDenial(denial, requestId, headers);
}
