import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import {
  ORIGIN_LONGEST_UPLOAD_SECONDS,
  ORIGIN_TIMEOUT_SECONDS,
  ORIGIN_UPLOAD_BYTES_PER_SECOND,
} from "../limits.ts";

/** What takes a request to an origin: the network, or a binding of `wrangler.toml`. */
export interface OriginFetcher {
  fetch(request: Request, init?: { readonly cache: "no-store" }): Promise<Response>;
}

/** Finds what takes requests to an application's origin; `undefined` where the deployment has no such binding. */
export type OriginOf = (application: Application) => OriginFetcher | undefined;

const FAILED = deny("origin_failed", "The origin of the application could not be reached.");

/**
 * Asks the origin, which has a bounded time to begin its answer; the body of the answer may then go on without end. Past
 * every cache: Cloudflare would keep an answer for one caller by its file name alone, and give it to another.
 */
export async function askOrigin(
  origin: OriginFetcher,
  request: Request,
  isService: boolean,
): Promise<Result<Response, Denial>> {
  const seconds = secondsToAnswer(request);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), seconds * 1000);
  });
  try {
    const asked = isService ? origin.fetch(request) : origin.fetch(request, { cache: "no-store" });
    const answer = await Promise.race([asked, late]);
    return answer === undefined ? err(tooLate(seconds)) : ok(answer);
  } catch {
    return err(FAILED);
  } finally {
    clearTimeout(timer);
  }
}

/** A body has to arrive before it can be answered. */
function secondsToAnswer({ headers, body }: Request): number {
  if (body === null) return ORIGIN_TIMEOUT_SECONDS;
  const length = headers.get("content-length");
  if (length === null) return ORIGIN_LONGEST_UPLOAD_SECONDS;
  const upload = Math.ceil(Number(length) / ORIGIN_UPLOAD_BYTES_PER_SECOND);
  return Math.min(ORIGIN_TIMEOUT_SECONDS + upload, ORIGIN_LONGEST_UPLOAD_SECONDS);
}

function tooLate(seconds: number): Denial {
  return deny("origin_timeout", `The origin of the application did not begin to answer within ${seconds} s.`);
}
