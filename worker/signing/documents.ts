import { TIMING } from "../../shared/key-timing.ts";
import type { SvidAlgorithm } from "../../shared/svid.ts";
import type { PublicJwk } from "./ring/public-jwk.ts";

/** A key as every document may show it. */
export interface PublishedKey {
  readonly kid: string;
  readonly algorithm: SvidAlgorithm;
  readonly jwk: PublicJwk;
}

/** What is published at an instant. There is always a key: an empty set would say that all are revoked. */
export interface PublishedKeys {
  /** Changes exactly when the set of keys does. */
  readonly sequence: number;
  readonly keys: readonly [PublishedKey, ...PublishedKey[]];
}

/** The JWK Set for OIDC and JWT libraries (RFC 7517 §5): exactly the members that all of them take. */
export function jwks(published: PublishedKeys): { readonly keys: readonly object[] } {
  return {
    keys: published.keys.map(({ kid, algorithm, jwk }) => ({ ...jwk, alg: algorithm, use: "sig", kid })),
  };
}

/** The SPIFFE bundle (SPIFFE Bundle §4; JWT-SVID §6.1). SPIRE refuses a bundle whose keys have another `use`. */
export function spiffeBundle(published: PublishedKeys): object {
  return {
    keys: published.keys.map(({ kid, jwk }) => ({ ...jwk, use: "jwt-svid", kid })),
    spiffe_sequence: published.sequence,
    spiffe_refresh_hint: TIMING.refreshHint,
  };
}
