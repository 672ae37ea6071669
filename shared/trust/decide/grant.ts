import { type Denial, deny } from "../../denial.ts";
import { isJsonObject } from "../../json.ts";
import { err, ok, type Result } from "../../result.ts";
import type { Grant } from "../../svid.ts";
import type { Attributes } from "../model/attributes.ts";
import type { AllowedAudience, Policy } from "../model/policy.ts";
import { failedCheck } from "./check.ts";
import type { RenderProblem } from "./render.ts";
import { renderClaims } from "./render-claims.ts";
import { renderSpiffeId } from "./render-spiffe-id.ts";

/** A token has a few kilobytes; claims that are longer than this in an SVID have taken in more than an identity. */
const MAX_CLAIMS_LENGTH = 4_096;

/** The audience that is asked for, or the policy's only one. */
export function chooseAudience(policy: Policy, wanted: string | undefined): Result<AllowedAudience, Denial> {
  if (wanted !== undefined) {
    const found = policy.audiences.find(({ audience }) => audience === wanted);
    return found === undefined
      ? err(deny("audience_refused", `The policy ${policy.name} does not allow this audience.`))
      : ok(found);
  }
  const [only, ...others] = policy.audiences;
  return only === undefined || others.length > 0
    ? err(deny("audience_required", `The policy ${policy.name} allows several audiences.`))
    : ok(only);
}

/** Renders what the policy grants: SPIFFE ID and claims, of this token's values. */
export function renderGrant(
  policy: Policy,
  { audience, algorithm }: AllowedAudience,
  attributes: Attributes,
): Result<Grant, Denial> {
  const spiffeId = renderSpiffeId(policy.spiffeId, attributes);
  if (!spiffeId.ok) return err(unrendered(policy, "SPIFFE ID", spiffeId.error, attributes));
  const claims = policy.claims === undefined ? ok({}) : renderClaims(policy.claims, attributes);
  if (!claims.ok) return err(unrendered(policy, "claims", claims.error, attributes));
  if (!isJsonObject(claims.value) || JSON.stringify(claims.value).length > MAX_CLAIMS_LENGTH) {
    return err(unrendered(policy, "claims", `are longer than ${MAX_CLAIMS_LENGTH} characters`, attributes));
  }
  const { name, ttlSeconds } = policy;
  return ok({
    policy: name,
    spiffeId: spiffeId.value,
    audience,
    algorithm,
    ttlSeconds,
    claims: claims.value,
  });
}

function unrendered(
  policy: Policy,
  part: string,
  problem: RenderProblem | string,
  attributes: Attributes,
): Denial {
  const start = `The ${part} of the policy ${policy.name} can't be made:`;
  if (typeof problem === "string") return deny("identity_refused", `${start} ${problem}.`);
  return deny("identity_refused", `${start} ${problem.attribute.name} ${problem.reason}.`, {
    checks: [failedCheck(policy.name, problem.attribute, attributes)],
  });
}
