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
  const message = `${attribute.name} is never one path segment, so nothing is ever granted; add | path, | enc or | hash`;
  return [warning(policyPath(policy, "spiffeId"), "unrenderable", message)];
}

function optionalValue({ attribute }: Placeholder, { policy, issuer }: Subject): readonly Problem[] {
  if (knownOf(attribute, issuer)?.optional !== true) return [];
  if (conditionOn(policy, attribute.name) !== undefined) return [];
  const message = `a job without ${attribute.name} is refused with identity_refused; add {exists: true} to match, so that the checks say it`;
  return [note(policyPath(policy, "spiffeId"), "may-be-missing", message)];
}
