import type { Policy } from "../model/policy.ts";
import { errorAt, type Problem } from "../model/problem.ts";
import { issuersById, policiesOf, type TrustConfig } from "../model/trust-config.ts";
import { policyPath, warning } from "./finding.ts";
import type { IdForm } from "./id-form.ts";
import { idForms } from "./id-forms.ts";
import { IdIndex } from "./id-index.ts";

/** Segments that are compared at most: a bound on the time for documents whose templates all look alike. */
const MAX_STEPS = 2_000_000;

/** Policies before one in the document that can grant an ID of it: one of another issuer, and one of the same. */
interface Rivals {
  readonly foreign: Policy | undefined;
  readonly own: Policy | undefined;
}

/**
 * Identities that two policies can both grant. Of two issuers that is an error, since ids are unique per issuer only. Of
 * one issuer it is a likely mistake where the templates differ: one template gives one ID to the same values alone.
 */
export function sharedIdentities(config: TrustConfig): readonly Problem[] {
  const issuers = issuersById(config);
  const index = new IdIndex();
  const found: Problem[] = [];
  for (const policy of policiesOf(config)) {
    const issuer = issuers.get(policy.issuer);
    if (issuer === undefined) continue;
    const forms = idForms({ policy, issuer });
    const kind = JSON.stringify([policy.issuer, policy.spiffeId.segments]);
    const { foreign, own } = rivalsOf(policy, kind, forms, index, config.policies.size > 1);
    if (foreign !== undefined) found.push(ofTwoIssuers(policy, foreign));
    else if (own !== undefined) found.push(ofOneIssuer(policy, own));
    if (index.steps > MAX_STEPS) return [...found, cutShort(policy)];
    for (const form of forms) index.add(form, kind, policy);
  }
  return found;
}

function rivalsOf(
  policy: Policy,
  kind: string,
  forms: readonly IdForm[],
  index: IdIndex,
  hasForeign: boolean,
): Rivals {
  let own: Policy | undefined;
  for (const form of forms) {
    for (const [otherKind, other] of index.sharing(form)) {
      if (other.issuer !== policy.issuer) return { foreign: other, own };
      if (otherKind !== kind) own ??= other;
      if ((own !== undefined && !hasForeign) || index.steps > MAX_STEPS) return { foreign: undefined, own };
    }
  }
  return { foreign: undefined, own };
}

function ofTwoIssuers(policy: Policy, other: Policy): Problem {
  const message = `the policy ${other.name} of ${other.issuer} can grant the same SPIFFE ID; put the issuer into the path, such as /${policy.issuer}/`;
  return errorAt(policyPath(policy, "spiffeId"), "shared-identity", message);
}

function ofOneIssuer(policy: Policy, other: Policy): Problem {
  const message = `the policy ${other.name} can grant the same SPIFFE ID, and to other jobs; put a word into the path that tells the two apart, such as /${policy.name}/`;
  return warning(policyPath(policy, "spiffeId"), "shared-identity", message);
}

function cutShort(policy: Policy): Problem {
  const message = `the search for identities that two policies can grant ended here, because too many templates look alike; put a fixed word first in each path, such as /${policy.issuer}/, and check again`;
  return warning(policyPath(policy, "spiffeId"), "shared-identity", message);
}
