import { type Denial, denialRow } from "../../shared/denial.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Call } from "./call.ts";

/**
 * Counts a refusal that the caller can avoid against its address. A success or a failure of ours does not count.
 *
 * @returns the result, or the denial `rate_limited` instead of the refusal, which is then its cause.
 */
export async function countRefusal<T>(call: Call, result: Result<T, Denial>): Promise<Result<T, Denial>> {
  if (result.ok || result.error.code === "rate_limited") return result;
  if (denialRow(result.error.code).status >= 500) return result;
  const limited = await call.services.rateLimits.refusedFrom(call.request.headers, call.now);
  return limited === undefined ? result : err({ ...limited, cause: result.error });
}
