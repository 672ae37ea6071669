import { conditionOn } from "../model/policy.ts";
import { spiffeIdPlaceholders } from "../model/template.ts";
import { knownOf } from "./claim.ts";
import { conditionPath, policyPath, type Subject, warning } from "./finding.ts";

/** Lints of claims that say less than they seem to. */

export function rawSub({ policy, issuer }: Subject) {
  if (issuer.type === "jwt") return [];
  const message =
    "each repository or project can change the form of sub; use the claims that it is made of instead";
  const condition = conditionOn(policy, "jwt.claim.sub");
  const inId = spiffeIdPlaceholders(policy.spiffeId).some(
    ({ attribute }) => attribute.name === "jwt.claim.sub",
  );
  return [
    ...(condition === undefined ? [] : [warning(conditionPath(policy, condition), "raw-sub", message)]),
    ...(inId ? [warning(policyPath(policy, "spiffeId"), "raw-sub", message)] : []),
  ];
}

export function weakDiscriminator({ policy, issuer }: Subject) {
  const inMatch = policy.match.flatMap((condition) => {
    const why = knownOf(condition.attribute, issuer)?.weak;
    if (why === undefined || condition.matcher.kind !== "any-of") return [];
    const message = `${condition.attribute.name} does not identify a job: ${why}; match an id or the workflow's path instead`;
    return [warning(conditionPath(policy, condition), "weak-discriminator", message)];
  });
  const inId = spiffeIdPlaceholders(policy.spiffeId).flatMap(({ attribute }) => {
    const why = knownOf(attribute, issuer)?.weak;
    if (why === undefined) return [];
    const message = `a SPIFFE ID with ${attribute.name} does not identify a job: ${why}; put it into claims instead`;
    return [warning(policyPath(policy, "spiffeId"), "weak-discriminator", message)];
  });
  return [...inMatch, ...inId];
}
