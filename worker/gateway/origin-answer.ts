import { type Denial, deny } from "../../shared/denial.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { ASSERTION_HEADER, foldedHeaderName, HOP_BY_HOP } from "../../shared/trust/model/header.ts";
import type { Target } from "./application-request.ts";
import { locationFor } from "./location.ts";

const UNREACHABLE = deny("origin_failed", "Cloudflare could not reach the origin of the application.");
const SILENT = deny("origin_timeout", "Cloudflare got no answer from the origin of the application in time.");

/** What Cloudflare's edge answers in the place of an origin: statuses that no origin has (its 5xx errors). */
const EDGE_FAILURES: ReadonlyMap<number, Denial> = new Map([
  [520, UNREACHABLE],
  [521, UNREACHABLE],
  [522, SILENT],
  [523, UNREACHABLE],
  [524, SILENT],
  [525, UNREACHABLE],
  [526, UNREACHABLE],
  [530, UNREACHABLE],
]);

const OWN_HEADER = foldedHeaderName(ASSERTION_HEADER);

/**
 * The origin's answer as the caller gets it: status, body and headers as they came, less what is for one connection and
 * what would show the caller its assertion, and with a `Location` that the caller can follow.
 *
 * @param carriers the headers that held the assertion, by their folded names.
 */
export function originAnswer(
  answer: Response,
  target: Target,
  carriers: ReadonlySet<string>,
): Result<Response, Denial> {
  const failure = EDGE_FAILURES.get(answer.status);
  if (failure !== undefined) return err(failure);
  if (answer.status !== 101 && (answer.status < 200 || answer.status > 599)) {
    return err(
      deny("origin_failed", "The origin of the application answered with a status that HTTP does not have."),
    );
  }
  const passed = new Response(answer.body, answer);
  const { headers } = passed;
  for (const name of [...headers.keys()]) {
    const folded = foldedHeaderName(name);
    const isOfConnection = HOP_BY_HOP.has(folded) || folded === "alt-svc";
    if (isOfConnection || folded === OWN_HEADER || carriers.has(folded)) headers.delete(name);
  }
  const location = headers.get("location");
  if (location !== null) headers.set("location", locationFor(location, target));
  return ok(passed);
}
