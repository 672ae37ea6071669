import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import type { OriginOf } from "./origin.ts";

/** What /healthz says of the applications. No name is in it, since anybody may ask. */
export interface ApplicationsHealth {
  readonly count: number;
  /** Those whose origin is a binding that this deployment does not have. */
  readonly without_origin: number;
}

/** @returns nothing where there is no gateway. */
export function applicationsHealth(
  { applications }: TrustConfig,
  originOf: OriginOf,
): ApplicationsHealth | undefined {
  if (applications.size === 0) return undefined;
  const unbound = [...applications.values()].filter((application) => originOf(application) === undefined);
  return { count: applications.size, without_origin: unbound.length };
}
