import { groupBy } from "../../group-by.ts";
import type { Policy } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import { policiesOf, type TrustConfig } from "../model/trust-config.ts";
import { policyPath, warning } from "./finding.ts";
import { ANY_SEGMENTS, type IdForm, idForm, mayEqual, type SegmentForm } from "./id-form.ts";

/** Pairs of templates that are compared, and findings that are shown, at most. */
const MAX_PAIRS = 200_000;
const MAX_FOUND = 20;

/** Identities that policies of two issuers can both grant: ids are unique per issuer only. */
export function sharedIdentities(config: TrustConfig): readonly Problem[] {
  const byIssuer = [...groupBy(distinctForms(policiesOf(config)), ({ policy }) => policy.issuer).values()];
  const found: Problem[] = [];
  let pairs = 0;
  for (const [index, own] of byIssuer.entries()) {
    const others = byFirstSegment(byIssuer.slice(index + 1).flat());
    for (const { policy, form } of own) {
      for (const other of others(form[0])) {
        if (++pairs > MAX_PAIRS || found.length === MAX_FOUND) return found;
        if (mayEqual(form, other.form)) found.push(sharedIdentity(policy, other.policy));
      }
    }
  }
  return found;
}

function sharedIdentity(policy: Policy, other: Policy): Problem {
  const message = `the policy ${policy.name} of ${policy.issuer} can grant the same SPIFFE ID; put the issuer into the path, such as /${other.issuer}/`;
  return warning(policyPath(other, "spiffeId"), "shared-identity", message);
}

interface FormOfPolicy {
  readonly policy: Policy;
  readonly form: IdForm;
}

/** One policy for each form of an issuer: the first of the document. */
function distinctForms(policies: readonly Policy[]): readonly FormOfPolicy[] {
  const forms = new Map<string, FormOfPolicy>();
  for (const policy of policies) {
    const form = idForm(policy);
    const key = JSON.stringify([policy.issuer, form]);
    if (!forms.has(key)) forms.set(key, { policy, form });
  }
  return [...forms.values()];
}

/** Finds the forms whose first segment may equal another: most documents have a fixed word there. */
function byFirstSegment(
  forms: readonly FormOfPolicy[],
): (first: SegmentForm | undefined) => readonly FormOfPolicy[] {
  const isWord = (segment: SegmentForm | undefined) =>
    typeof segment === "string" && segment !== ANY_SEGMENTS;
  const words = groupBy(
    forms.filter(({ form }) => isWord(form[0])),
    ({ form }) => form[0],
  );
  const varied = forms.filter(({ form }) => !isWord(form[0]));
  return (first) => (isWord(first) ? [...(words.get(first) ?? []), ...varied] : forms);
}
