import { err, ok, type Result } from "../result.ts";
import type { AllowedIssuer } from "../trust/model/issuer.ts";
import { type Fetch, fetchJsonObject } from "./fetch-json.ts";
import { type KeySet, parseKeySet } from "./key-set.ts";

/**
 * Fetches the whole key set of an issuer: from its pinned address, or by OpenID Connect Discovery 1.0 §4.
 *
 * @returns the keys, or what went wrong as words.
 */
export async function fetchKeySet(fetch: Fetch, issuer: AllowedIssuer): Promise<Result<KeySet, string>> {
  const address = await keySetAddress(fetch, issuer);
  if (!address.ok) return address;
  const document = await fetchJsonObject(fetch, address.value);
  if (!document.ok) return err(`the address of the keys ${document.error}`);
  const keys = parseKeySet(document.value, "sig");
  return keys.ok ? ok(keys.value.keys) : err(`the key set ${keys.error}`);
}

async function keySetAddress(fetch: Fetch, issuer: AllowedIssuer): Promise<Result<string, string>> {
  if (issuer.keys.from === "inline") return err("the keys are inline");
  if (issuer.keys.from === "jwksURI") return ok(issuer.keys.uri);
  const document = await fetchJsonObject(fetch, issuer.keys.uri);
  if (!document.ok) return err(`the discovery document ${document.error}`);
  const { issuer: named, jwks_uri: uri } = document.value;
  if (named !== issuer.issuer) return err("the discovery document is another issuer's");
  if (typeof uri !== "string" || !sameOrigin(uri, issuer.issuer)) {
    return err("the discovery document has its jwks_uri at another origin");
  }
  return ok(uri);
}

/** A key set elsewhere has to be pinned by the trust document, or whoever edits the discovery document picks the keys. */
function sameOrigin(uri: string, issuer: string): boolean {
  return URL.canParse(uri) && URL.canParse(issuer) && new URL(uri).origin === new URL(issuer).origin;
}
