import type { VerifiedClaims } from "../../shared/claims.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { UnverifiedToken } from "../../shared/subject-token/peek.ts";
import type { Grant } from "../../shared/svid.ts";
import { decideApplication } from "../../shared/trust/decide/application.ts";
import { decide } from "../../shared/trust/decide/decide.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import { type Attributes, attributesOf } from "../../shared/trust/model/attributes.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import { type SvidAttributes, svidAttributesOf } from "../../shared/trust/model/svid-attributes.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import type { VerifiedSvid } from "../../shared/verify/svid.ts";

/**
 * The staircase of types, `UnverifiedToken -> VerifiedClaims -> Attributes -> Grant`, and from there, or from an SVID
 * that holds, to what an application is told: a lower step does not compile where a higher one is due. `npm run types`
 * fails where one of these errors is missing; nothing here is ever run.
 */

export function attributesAreOfVerifiedClaims(
  issuer: AllowedIssuer,
  verified: VerifiedClaims,
  token: UnverifiedToken,
  claims: JsonObject,
): readonly Attributes[] {
  return [
    attributesOf(issuer, verified),
    // @ts-expect-error: the claims of a token that nobody has verified
    attributesOf(issuer, token.unverifiedClaims),
    // @ts-expect-error: claims of any origin
    attributesOf(issuer, claims),
    // @ts-expect-error: claims of the right members
    attributesOf(issuer, { iss: "https://ci.example.net", sub: "job", iat: 1, exp: 2 }),
  ];
}

export function decisionsAreOfAttributes(
  config: TrustConfig,
  issuer: AllowedIssuer,
  attributes: Attributes,
  verified: VerifiedClaims,
): readonly unknown[] {
  return [
    decide(config, issuer, attributes, {}),
    // @ts-expect-error: claims, verified or not, are no attributes
    decide(config, issuer, verified, {}),
    // @ts-expect-error: attributes that `attributesOf` did not make
    decide(config, issuer, { type: "github", claims: verified }, {}),
  ];
}

export function callersAreOfSvidsThatHold(
  svid: VerifiedSvid,
  grant: Grant,
  token: UnverifiedToken,
): readonly SvidAttributes[] {
  const { spiffeId, claims } = svid;
  return [
    svidAttributesOf(svid),
    svidAttributesOf(grant),
    // @ts-expect-error: the claims of a token that nobody has verified
    svidAttributesOf(token.unverifiedClaims),
    // @ts-expect-error: the right members, of any origin
    svidAttributesOf({ spiffeId, claims }),
  ];
}

export function assertionsAreOfCallers(
  application: Application,
  caller: SvidAttributes,
  svid: VerifiedSvid,
): readonly unknown[] {
  return [
    decideApplication(application, caller),
    // @ts-expect-error: an SVID, verified or not, is no caller yet
    decideApplication(application, svid),
  ];
}
