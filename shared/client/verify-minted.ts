import { err, type Result } from "../result.ts";
import { issuerKeys, type PublishedKeysFailure, type ReadDocument } from "../verify/published-keys.ts";
import type { SvidRefusal } from "../verify/refusal.ts";
import { judgeSvid, type VerifiedSvid } from "../verify/svid.ts";
import type { Minted } from "../wire.ts";
import type { ExchangeUrl } from "./exchange-url.ts";

/** Why a minted SVID is not handed on. */
export type MintedFailure = PublishedKeysFailure | SvidRefusal | SvidDiffers;

/** The SVID holds, but it is not the one that the response of the exchange describes. */
export interface SvidDiffers {
  readonly code: "svid_differs";
  readonly what: string;
}

/**
 * Verifies a minted SVID as a service would, by the keys that the exchange publishes, and compares it with what the
 * response of the exchange said.
 */
export async function verifyMinted(
  { svid, audience, spiffeId }: Minted,
  issuer: ExchangeUrl,
  read: ReadDocument,
  nowMs: () => number,
): Promise<Result<VerifiedSvid, MintedFailure>> {
  const published = await issuerKeys(issuer, read);
  if (!published.ok) return published;
  const { keys } = published.value;
  const judged = await judgeSvid(svid, { keys, issuer, audiences: [audience] }, nowMs() / 1000);
  if (!judged.ok || judged.value.spiffeId === spiffeId) return judged;
  return err({ code: "svid_differs", what: "has another SPIFFE ID than the exchange said" });
}
