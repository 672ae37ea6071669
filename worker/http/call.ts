import type { Denial } from "../../shared/denial.ts";
import type { Result } from "../../shared/result.ts";
import type { Moment } from "../moment.ts";
import type { Services } from "../services.ts";
import type { TrustInForce } from "../trust/trust-in-force.ts";

/** One HTTP request with what its endpoint needs. */
export interface Call extends Moment {
  readonly request: Request;
  readonly requestId: string;
  readonly services: Services;
  /** The trust document by which the whole request is served, or why there is none. */
  readonly trust: Result<TrustInForce, Denial>;
}
