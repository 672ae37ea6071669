import { err, ok, type Result } from "../result.ts";
import { fetchJsonObject, type KeyFetchFailure, type KeyFetchPorts } from "./fetch-json.ts";
import { type JudgedKeySet, parseKeySet } from "./key-set.ts";

/** An address of a key set, or of the discovery document that names it. */
export interface FetchedKeySource {
  readonly from: "jwksURI" | "discovery";
  readonly uri: string;
}

/** Where the keys of an issuer are published. `issuer` is its exact `iss`, which discovery must say as well (§4.3). */
export type IssuerKeySource = FetchedKeySource & { readonly issuer: string };

/**
 * Fetches the whole key set of an issuer: from its pinned address, or by OpenID Connect Discovery 1.0 §4.
 *
 * @returns the keys, or why there are none: `what` is then a whole clause.
 */
export async function fetchKeySet(
  ports: KeyFetchPorts,
  source: IssuerKeySource,
): Promise<Result<JudgedKeySet, KeyFetchFailure>> {
  const address = await keySetAddress(ports, source);
  if (!address.ok) return address;
  const url = address.value;
  const document = await fetchJsonObject(ports, url);
  if (!document.ok) return about("the address of the keys", document.error);
  const keys = parseKeySet(document.value, "sig");
  return keys.ok ? keys : about("the key set", { url, what: keys.error });
}

async function keySetAddress(
  ports: KeyFetchPorts,
  { issuer, from, uri }: IssuerKeySource,
): Promise<Result<string, KeyFetchFailure>> {
  if (from === "jwksURI") return ok(uri);
  const document = await fetchJsonObject(ports, uri);
  if (!document.ok) return about("the discovery document", document.error);
  const { issuer: named, jwks_uri: address } = document.value;
  if (named !== issuer) return about("the discovery document", { url: uri, what: "is another issuer's" });
  if (typeof address === "string" && sameOrigin(address, issuer)) return ok(address);
  return about("the discovery document", {
    url: uri,
    what: "does not have its jwks_uri at the issuer's own origin",
  });
}

/** A key set elsewhere has to be pinned by the trust document, or whoever edits the discovery document picks the keys. */
function sameOrigin(address: string, issuer: string): boolean {
  return URL.canParse(address) && URL.canParse(issuer) && new URL(address).origin === new URL(issuer).origin;
}

function about(document: string, failure: KeyFetchFailure): Result<never, KeyFetchFailure> {
  return err({ ...failure, what: `${document} ${failure.what}` });
}
