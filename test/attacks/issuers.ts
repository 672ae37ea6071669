import { now } from "../../local/clock.ts";
import { OUR_ISSUER, type TrustDocument } from "../../local/trust-document.ts";
import { compact, type Json } from "../shared/subject-token/craft.ts";

/** The audience of the SVIDs that legitimate jobs ask for. */
export const VAULT = "https://vault.example.org";

/** Issuers whose private keys the tests have, beside the local GitHub and GitLab. Their type is `jwt`. */
export const CI = "https://ci.example";
export const TWIN = "https://twin.example";
export const CURVE = "https://curve.example";
export const ODD = "https://odd.example";

/** Nobody may ever be asked here. */
export const CANARY_HOST = "canary.example";

export type KeySets = Readonly<Record<string, readonly Json[]>>;

/** Claims that the policy of a `jwt` issuer takes. */
export function jobClaims(issuer: string, overrides: Json = {}): Json {
  const at = now();
  const jti = crypto.randomUUID();
  const claims = {
    iss: issuer,
    sub: "job:release",
    aud: OUR_ISSUER,
    iat: at,
    exp: at + 300,
    jti,
    ...overrides,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

/** A token of `CI`, signed as RS256 by its key unless told otherwise. */
export function ciToken(
  header: Json | string = {},
  claims: Json | string = {},
  ...sign: Parameters<typeof compact>[2][]
) {
  const ours = typeof header === "string" ? header : { alg: "RS256", kid: "k1", typ: "JWT", ...header };
  const theirs = typeof claims === "string" ? claims : jobClaims(CI, claims);
  return compact(ours, theirs, ...(sign as [Parameters<typeof compact>[2]]));
}

export function withMoreIssuers(document: TrustDocument): TrustDocument {
  const issuers = [
    { id: "ci", type: "jwt", issuer: CI, replay: "once" },
    { id: "twin", type: "jwt", issuer: TWIN, replay: "once" },
    { id: "curve", type: "jwt", issuer: CURVE, replay: "once", algorithms: ["ES256"] },
    { id: "odd", type: "jwt", issuer: ODD, replay: "once" },
  ];
  const policies = issuers.map(({ id }) => ({
    name: `${id}-release`,
    issuer: id,
    match: { "jwt.claim.sub": "job:release" },
    spiffeId: `spiffe://{{ trustDomain }}/${id}/release`,
    audiences: [VAULT],
  }));
  return {
    ...document,
    allowedIssuers: [...document.allowedIssuers, ...issuers],
    policies: [...document.policies, ...policies],
  };
}
