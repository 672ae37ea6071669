import type { JsonObject } from "../json.ts";
import { discoveryUrl } from "../jwk/discovery-url.ts";
import { isFetchable, type KeyFetchFailure } from "../jwk/fetch-json.ts";
import { type JudgedKeySet, readKeySet } from "../jwk/key-set.ts";
import type { KeyUse } from "../jwk/public-key.ts";
import { err, ok, type Result } from "../result.ts";

/** Reads one JSON document from its URL. How often it tries, and what it keeps, is its own affair. */
export type ReadDocument = (url: string) => Promise<Result<JsonObject, KeyFetchFailure>>;

/** The keys of SVIDs as they are published. There may be none of use: then no SVID holds. */
export interface PublishedKeys extends JudgedKeySet {
  /** The JWK Set or the SPIFFE bundle, as it was read. */
  readonly document: JsonObject;
}

/** Why the keys could not be read. `what` continues a sentence whose subject is `url`. */
export interface PublishedKeysFailure extends KeyFetchFailure {
  readonly code: "metadata_unreadable" | "issuer_differs" | "keys_unreadable";
}

/**
 * The keys of an OpenID Connect issuer: its discovery document, which must name the very issuer, and the JWK Set that
 * the document names (OpenID Connect Discovery 1.0 §4). The issuer is the user's choice, so the set may be at any https
 * address.
 */
export async function issuerKeys(
  issuer: string,
  read: ReadDocument,
): Promise<Result<PublishedKeys, PublishedKeysFailure>> {
  const url = discoveryUrl(issuer);
  const metadata = await read(url);
  if (!metadata.ok) return err({ ...metadata.error, code: "metadata_unreadable" });
  const { issuer: named, jwks_uri: address } = metadata.value;
  if (named !== issuer) return err({ code: "issuer_differs", url, what: "names another issuer" });
  if (typeof address === "string" && isFetchable(address)) return keysAt(address, "sig", read);
  return err({ code: "metadata_unreadable", url, what: "names no https address as its jwks_uri" });
}

/** The keys of JWT-SVIDs in the SPIFFE bundle of a trust domain (SPIFFE Federation §5.2.1, profile https_web). */
export function bundleKeys(
  url: string,
  read: ReadDocument,
): Promise<Result<PublishedKeys, PublishedKeysFailure>> {
  return keysAt(url, "jwt-svid", read);
}

async function keysAt(
  url: string,
  use: KeyUse,
  read: ReadDocument,
): Promise<Result<PublishedKeys, PublishedKeysFailure>> {
  const document = await read(url);
  if (!document.ok) return err({ ...document.error, code: "keys_unreadable" });
  const keys = readKeySet(document.value, use);
  if (!keys.ok) return err({ code: "keys_unreadable", url, what: keys.error });
  return ok({ ...keys.value, document: document.value });
}
