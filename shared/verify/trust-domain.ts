import { err, ok, type Result } from "../result.ts";
import { parseTrustDomain, type TrustDomain } from "../spiffe-id.ts";
import { TRUST_DOMAIN_MEMBER } from "../wire.ts";
import type { PublishedKeysFailure, ReadDocument } from "./published-keys.ts";

/**
 * The trust domain of an exchange. A SPIFFE bundle does not name its trust domain (SPIFFE Federation §7.3), so the
 * metadata of the exchange does, which must be of the very issuer (RFC 8414 §3.3).
 */
export async function publishedTrustDomain(
  issuer: string,
  read: ReadDocument,
): Promise<Result<TrustDomain, PublishedKeysFailure>> {
  const url = `${issuer}/.well-known/oauth-authorization-server`;
  const metadata = await read(url);
  if (!metadata.ok) return err({ ...metadata.error, code: "metadata_unreadable" });
  const { issuer: named, [TRUST_DOMAIN_MEMBER]: text } = metadata.value;
  if (named !== issuer) return err({ code: "issuer_differs", url, what: "names another issuer" });
  const trustDomain = parseTrustDomain(typeof text === "string" ? text : "");
  if (trustDomain.ok) return ok(trustDomain.value);
  return err({ code: "metadata_unreadable", url, what: `names no trust domain as ${TRUST_DOMAIN_MEMBER}` });
}
