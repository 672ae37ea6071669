import { conditionOn } from "../model/policy.ts";
import type { Problem } from "../model/problem.ts";
import { type Placeholder, spiffeIdPlaceholders } from "../model/template.ts";
import { knownOf } from "./claim.ts";
import { note, policyPath, type Subject, warning } from "./finding.ts";

/** Lints of values that a SPIFFE ID can't take, always or from some jobs. */
export function unrenderable(subject: Subject) {
  return spiffeIdPlaceholders(subject.policy.spiffeId).flatMap((placeholder) => [
    ...compoundValue(placeholder, subject),
    ...optionalValue(placeholder, subject),
  ]);
}

function compoundValue({ attribute, filters }: Placeholder, { policy, issuer }: Subject): readonly Problem[] {
  const isOneSegment = filters.every((filter) => filter === "lower");
  if (knownOf(attribute, issuer)?.compound !== true || !isOneSegment) return [];
  const message = `no value of ${attribute.name} fits one path segment, so the policy grants nothing; add | path, | enc or | hash`;
  return [warning(policyPath(policy, "spiffeId"), "unrenderable", message)];
}

function optionalValue({ attribute }: Placeholder, { policy, issuer }: Subject): readonly Problem[] {
  if (knownOf(attribute, issuer)?.optional !== true) return [];
  if (conditionOn(policy, attribute.name) !== undefined) return [];
  const message = `the exchange refuses a job without ${attribute.name} as identity_refused; add {exists: true} to match, so that the checks show why`;
  return [note(policyPath(policy, "spiffeId"), "may-be-missing", message)];
}
