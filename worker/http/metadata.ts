import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { GRANT_TYPE, TRUST_DOMAIN_MEMBER } from "../../shared/wire.ts";

const CLAIMS = ["iss", "sub", "aud", "exp", "iat", "jti"];

/**
 * The OpenID Provider metadata (OpenID Connect Discovery 1.0 §3), complete enough for the strictest relying parties.
 * Every algorithm that signs is listed, and RS256 in any case, as §3 demands. `authorization_endpoint` is a URL, as §3
 * demands too, although nobody can log in there.
 */
export function openidConfiguration({ issuer, keys }: TrustConfig): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/token`,
    authorization_endpoint: `${issuer}/authorize`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(["RS256", ...keys.algorithms])],
    claims_supported: CLAIMS,
    grant_types_supported: [GRANT_TYPE],
  };
}

/** The authorization server metadata (RFC 8414 §2), and the trust domain, which the SPIFFE bundle does not name. */
export function authorizationServerMetadata({ issuer, trustDomain }: TrustConfig): Record<string, unknown> {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/token`,
    token_endpoint_auth_methods_supported: ["none"],
    response_types_supported: ["none"],
    grant_types_supported: [GRANT_TYPE],
    [TRUST_DOMAIN_MEMBER]: trustDomain,
  };
}
