import type { Status } from "../../shared/grpc/status.ts";
import { err, type Result } from "../../shared/result.ts";
import type { BundleFeed } from "../../shared/workload-api/bundle-feed.ts";
import { exchangeStatus } from "../../shared/workload-api/exchange-status.ts";
import type { IssuedSvid } from "../../shared/workload-api/messages.ts";
import { issuedSvid } from "../../shared/workload-api/service.ts";
import type { Ports } from "../ports.ts";
import { exchangedLine } from "../svid/exchanged-line.ts";
import type { JobSvids } from "../svid/job-svids.ts";
import { printable } from "../terminal/printable.ts";

/** The SVIDs that programs ask for. The log has a line for each SVID and each failure, not for each call. */
export function svidsFor(
  svids: JobSvids,
  bundle: BundleFeed,
  { note }: Pick<Ports, "note">,
): (audience: string) => Promise<Result<IssuedSvid, Status>> {
  const noted = new WeakSet<object>();
  const noteOnce = (subject: object, line: string): void => {
    if (!noted.has(subject)) note(line);
    noted.add(subject);
  };
  return async (audience) => {
    const outcome = await svids(audience).get();
    if (outcome.ok) {
      noteOnce(outcome.value, exchangedLine(outcome.value));
      return issuedSvid(outcome.value, bundle.current().trustDomain);
    }
    const status = exchangeStatus(outcome.error, ({ message }) => message);
    noteOnce(outcome.error, `No SVID for ${printable(audience)}: ${printable(status.message)}`);
    return err(status);
  };
}
