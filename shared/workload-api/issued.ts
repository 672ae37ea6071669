import type { Exchanged, SvidFailure } from "../client/get-svid.ts";
import { type Status, status } from "../grpc/status.ts";
import type { SvidSource } from "../renewal/svid-source.ts";
import { err, ok, type Result } from "../result.ts";
import { parseSpiffeId, type TrustDomain, trustDomainOf } from "../spiffe-id.ts";
import { exchangeStatus } from "./exchange-status.ts";
import type { IssuedSvid } from "./messages.ts";

/** The SVIDs that programs get. The log has a line for each SVID and each failure, not for each call. */

export interface IssuedLog<F> {
  readonly issued: (exchanged: Exchanged) => void;
  readonly refused: (audience: string, failure: SvidFailure<F>) => void;
  /** The exchange gave an SVID that programs could not use. */
  readonly unusable: (audience: string, status: Status) => void;
}

export type IssueSvid = (audience: string) => Promise<Result<IssuedSvid, Status>>;

/** @param explainNoToken says in a sentence why there was no ID token. */
export function issuedFrom<F>(
  svids: SvidSource<Exchanged, SvidFailure<F>>,
  trustDomain: TrustDomain,
  explainNoToken: (failure: F) => string,
  log: IssuedLog<F>,
): IssueSvid {
  const logged = new WeakSet<object>();
  const logOnce = (subject: object, write: () => void): void => {
    if (!logged.has(subject)) write();
    logged.add(subject);
  };
  return async (audience) => {
    const outcome = await svids(audience).get();
    if (!outcome.ok) {
      logOnce(outcome.error, () => log.refused(audience, outcome.error));
      return err(exchangeStatus(outcome.error, explainNoToken));
    }
    const issued = judgeIssued(outcome.value, trustDomain);
    logOnce(outcome.value, () =>
      issued.ok ? log.issued(outcome.value) : log.unusable(audience, issued.error),
    );
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
