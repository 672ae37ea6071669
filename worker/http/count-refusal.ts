import { type Denial, type DenialCode, denialRow } from "../../shared/denial.ts";
import { err, type Result } from "../../shared/result.ts";
import type { Call } from "./call.ts";

/** How a request ended. */
export interface Ending<T> {
  readonly result: Result<T, Denial>;
  /** Why the request was refused, where `rate_limited` is the answer instead. */
  readonly cause?: DenialCode;
}

/** A refusal that the caller can avoid counts against its address. A success or a failure of ours does not. */
export async function countRefusal<T>(call: Call, result: Result<T, Denial>): Promise<Ending<T>> {
  if (result.ok || result.error.code === "rate_limited") return { result };
  if (denialRow(result.error.code).status >= 500) return { result };
  const limited = await call.services.rateLimits.refusedFrom(call.request.headers);
  return limited === undefined ? { result } : { result: err(limited), cause: result.error.code };
}
