import type { Background } from "../moment.ts";
import type { Services } from "../services.ts";

/** One HTTP request with what its endpoint needs. */
export interface Call {
  readonly request: Request;
  readonly services: Services;
  /** Unix seconds. */
  readonly now: number;
  readonly background: Background;
  readonly requestId: string;
}
