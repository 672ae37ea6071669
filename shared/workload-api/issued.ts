import type { Exchanged, SvidFailure } from "../client/get-svid.ts";
import { type Status, status } from "../grpc/status.ts";
import type { SvidSource } from "../renewal/svid-source.ts";
import { err, ok, type Result } from "../result.ts";
import { parseSpiffeId, type TrustDomain, trustDomainOf } from "../spiffe-id.ts";
import { exchangeStatus } from "./exchange-status.ts";
import type { IssuedSvid } from "./messages.ts";

/** The SVIDs that programs get, and what the job's log says of them: a line for each SVID and failure, not for each call. */

export interface IssuedLog<F> {
  readonly issued: (exchanged: Exchanged) => void;
  readonly refused: (audience: string, status: Status) => void;
  /** Says why there was no ID token, in a sentence. */
  readonly explainNoToken: (failure: F) => string;
}

export type IssueSvid = (audience: string) => Promise<Result<IssuedSvid, Status>>;

export function issuedFrom<F>(
  svids: SvidSource<Exchanged, SvidFailure<F>>,
  trustDomain: TrustDomain,
  log: IssuedLog<F>,
): IssueSvid {
  const logged = new WeakSet<object>();
  return async (audience) => {
    const outcome = await svids(audience).get();
    const issued = outcome.ok
      ? judgeIssued(outcome.value, trustDomain)
      : err(exchangeStatus(outcome.error, log.explainNoToken));
    const subject = outcome.ok ? outcome.value : outcome.error;
    if (!logged.has(subject)) {
      if (!issued.ok) log.refused(audience, issued.error);
      else if (outcome.ok) log.issued(outcome.value);
    }
    logged.add(subject);
    return issued;
  };
}

/** Programs verify an SVID by the bundle of its trust domain, and there is one bundle. */
function judgeIssued({ svid, spiffeId }: Exchanged, trustDomain: TrustDomain): Result<IssuedSvid, Status> {
  const id = parseSpiffeId(spiffeId);
  if (!id.ok) {
    return err(status("internal", `The exchange issued an SVID whose SPIFFE ID is malformed: ${id.error}.`));
  }
  const ofSvid = trustDomainOf(id.value);
  if (ofSvid === trustDomain) return ok({ svid, spiffeId: id.value });
  return err(
    status("internal", `The exchange issued an SVID of ${ofSvid}, and the bundle here is of ${trustDomain}.`),
  );
}
