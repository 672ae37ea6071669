import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";

/** Where a request to an application goes, and how its caller addressed it. */
export interface Target {
  /** The address at the origin. */
  readonly url: string;
  /** What stands before the path in the caller's address: `https://grafana.apps.example.org`. */
  readonly base: string;
}

/** The application that a request is for, by its exact `Host`. No other header, and nothing of the path, chooses it. */
export function applicationOf({ applications }: TrustConfig, { headers }: Request): Application | undefined {
  if (applications.size === 0) return undefined;
  return applications.get((headers.get("host") ?? "").toLowerCase());
}

/**
 * The address at the origin: the path and the query of the request, as `URL` writes them. A request-target that is not
 * a path could name another host (`OPTIONS *` gives the URL `http://HOST*`), so the host of the URL must be `Host`.
 */
export function targetOf({ url }: Request, { host, origin }: Application): Result<Target, Denial> {
  const address = URL.parse(url);
  if (address === null || address.host !== host) {
    return err(deny("request_target_refused", "The URL of the request is not a path at its Host."));
  }
  const { protocol, pathname, search } = address;
  return ok({ url: `${origin.url}${pathname}${search}`, base: `${protocol}//${host}` });
}
