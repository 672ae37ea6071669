import type { Denial } from "../../shared/denial.ts";
import type { Result } from "../../shared/result.ts";
import { jwks, type PublishedKeys, spiffeBundle } from "../signing/documents.ts";
import type { TrustInForce } from "../trust/trust-in-force.ts";
import type { Call } from "./call.ts";
import { authorizationServerMetadata, openidConfiguration } from "./metadata.ts";
import { respondDocument } from "./prepared-document.ts";
import { respondDenial } from "./respond.ts";

/** What a document is made from. A refusal is 503: an empty key set would tell relying parties that every key is revoked. */
type Source<T> = (call: Call) => Result<T, Denial> | Promise<Result<T, Denial>>;

const trustInForce: Source<TrustInForce> = ({ trust }) => trust;

const publishedKeys: Source<PublishedKeys> = (call) =>
  call.trust.ok ? call.services.signingKeys.published(call.trust.value.config.keys, call) : call.trust;

const ofTrust = ({ version }: TrustInForce): string => version;
const ofKeys = ({ sequence }: PublishedKeys): string => String(sequence);

export const serveOpenidConfiguration = endpoint("openid", trustInForce, ofTrust, ({ config }) =>
  openidConfiguration(config),
);
export const serveAuthorizationServer = endpoint("oauth", trustInForce, ofTrust, ({ config }) =>
  authorizationServerMetadata(config),
);
export const serveJwks = endpoint("jwks", publishedKeys, ofKeys, jwks);
export const serveBundle = endpoint("bundle", publishedKeys, ofKeys, spiffeBundle);

/** @param versionOf gives what changes exactly when the content does. */
function endpoint<T>(
  name: string,
  source: Source<T>,
  versionOf: (from: T) => string,
  content: (from: T) => unknown,
) {
  return async (call: Call): Promise<Response> => {
    const from = await source(call);
    if (!from.ok) return respondDenial(from.error, call.requestId, { "access-control-allow-origin": "*" });
    const version = versionOf(from.value);
    const document = await call.services.documents(name, version, () => content(from.value));
    return respondDocument(call.request, document);
  };
}
