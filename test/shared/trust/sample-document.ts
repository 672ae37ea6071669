import type { JsonObject } from "../../../shared/json.ts";

/** The document that the tests start from: one issuer of every kind, one policy of every usual kind. */
export function sampleDocument() {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    svid: { ttl: "5m", algorithm: "ES256" },
    keys: { rotateEvery: "7d", algorithms: ["ES256", "RS256"], revoked: [] },
    allowedIssuers: [
      { id: "github", type: "github", issuer: "https://token.actions.githubusercontent.com" },
      { id: "gitlab", type: "gitlab", issuer: "https://gitlab.com" },
      {
        id: "corp",
        type: "gitlab",
        issuer: "https://gitlab.corp.example",
        jwksURI: "https://keys.corp.example/gitlab.json",
      },
      { id: "plant", type: "jwt", issuer: "http://10.0.0.7", jwks: { keys: [PUBLIC_RSA_KEY] } },
    ],
    policies: [
      {
        name: "deploy",
        issuer: "github",
        match: {
          "jwt.claim.repository_id": "1342205517",
          "jwt.claim.environment": ["production", "staging"],
          "jwt.claim.ref": { glob: "refs/heads/release/*" },
        },
        spiffeId:
          "spiffe://{{ trustDomain }}/github/{{ jwt.claim.repository | path }}/env/{{ jwt.claim.environment }}",
        audiences: [
          "https://vault.example.org",
          { audience: "api://AzureADTokenExchange", algorithm: "RS256" },
        ],
        ttl: "5m",
        claims: { repository: "{{ jwt.claim.repository }}", roles: ["deployer"] },
      },
    ],
  };
}

/** A document of these policies, each of one generic issuer and with one SPIFFE ID and audience unless it says otherwise. */
export function documentWith(list: readonly JsonObject[]): JsonObject {
  return {
    version: 1,
    trustDomain: "ci.example.org",
    issuer: "https://svid.example.org",
    allowedIssuers: [{ id: "ci", type: "jwt", issuer: "https://ci.example.net" }],
    policies: list.map((one, index) => ({
      name: `p${index}`,
      issuer: "ci",
      spiffeId: "spiffe://{{ trustDomain }}/x",
      audiences: ["https://vault.example.org"],
      ...JSON.parse(JSON.stringify(one)),
    })),
  };
}

/** A public key of 2048 bits whose private half nobody kept. */
export const PUBLIC_RSA_KEY = {
  kty: "RSA",
  kid: "plant-1",
  alg: "RS256",
  use: "sig",
  n: "wQPj6IrYAWoSfiTVAB-6UIB0l6Fl8hZMMUtGK71JE6PH8TLunOmKGAT4EBpAk-Tw3_Nkyzk2MJwXo1AKVynaKgzAcz2XnkhFm7u7jyaWJ-f5V7aCiF6KZgy9aHdlFYCXHGD4c8eN3ovGFcPL7dUoqmhwAZdXH4xFVNlI8Pa7TDbBiaOUaOOpIsKSKlTTQtHOSOcF6UqIB-NTLgva1rJDo51129D89SwkRuqhc1nzM299dduvaFoQHLpGz97RbbqsBJxtWDp_b4U-KTvqEf3m6NxGUU8dYupVZ6RsquGetHeUhEg3IjHoUrUBjrY5OenaTeW3cTk2TH4EeSQR6hA5dw",
  e: "AQAB",
};
