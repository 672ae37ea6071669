import { type Denial, denialRow, deny } from "../../shared/denial.ts";
import { ownMember } from "../../shared/json.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { peek } from "../../shared/subject-token/peek.ts";
import { verify } from "../../shared/subject-token/verify.ts";
import { decide } from "../../shared/trust/decide/decide.ts";
import { attributesOf } from "../../shared/trust/model/attributes.ts";
import { svidAttributesOf } from "../../shared/trust/model/svid-attributes.ts";
import type { UpstreamKeys } from "../issuers/upstream-keys.ts";
import type { VerifyCaller } from "./caller.ts";

const NOT_ALLOWED = deny(
  "caller_token_refused",
  "The iss claim of the token is not among the allowed issuers.",
);
const NO_POLICY = deny(
  "application_denied",
  "No policy grants the job an SVID for the audience of the application.",
);

/**
 * Judges the ID token of a CI job as an exchange for the audience of the application would, with two differences: the
 * token's own `aud` is that audience, and the token is not used up, since a job calls an application more than once.
 */
export function createJobCaller(upstreamKeys: UpstreamKeys): VerifyCaller {
  return async (token, context) => {
    const { config } = context.trust;
    const { audience } = context.application;
    const peeked = peek(token);
    if (!peeked.ok) return refused(peeked.error);
    const issuer = config.issuers.get(peeked.value.issuer);
    if (issuer === undefined) return err(NOT_ALLOWED);
    const key = await upstreamKeys.keyFor(issuer, peeked.value, context);
    if (!key.ok) return refused(key.error);
    const claims = await verify(peeked.value, key.value, { ...issuer, audience }, context.now);
    if (!claims.ok) return refused(claims.error);
    const grant = decide(config, issuer, attributesOf(issuer, claims.value), { audience });
    if (!grant.ok) return err({ ...NO_POLICY, cause: grant.error });
    const jti = ownMember(claims.value, "jti");
    return ok({
      attributes: svidAttributesOf(grant.value),
      token: "id-token",
      jti: typeof jti === "string" ? jti : undefined,
      expiresAt: claims.value.exp,
    });
  };
}

/** A token that the exchange would answer with 400 is, to an application, a bearer token that does not hold. */
function refused(denial: Denial): Result<never, Denial> {
  if (denialRow(denial.code).status !== 400) return err(denial);
  return err(deny("caller_token_refused", denial.detail, { cause: denial }));
}
