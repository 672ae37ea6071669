import type { Attribute } from "../model/attribute.ts";
import type { Condition } from "../model/condition.ts";
import { DERIVED } from "../model/derived.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import { knownClaim } from "../model/known-claims.ts";
import { conditionOn, type Policy } from "../model/policy.ts";
import { allConditions, note, type Subject, warning } from "./finding.ts";

/** What every token has, whatever its issuer: the exchange refuses it otherwise. */
const ALWAYS_THERE = ["iss", "sub", "aud", "exp", "iat"];

/** Conditions of `deny` on what not every token says: jobs that say nothing slip through, or are denied with the rest. */
export function denyMissing({ policy, issuer }: Subject) {
  return allConditions(policy).flatMap(({ condition, path, denies }) => {
    const { attribute, matcher } = condition;
    if (!denies || matcher.kind === "exists" || !mayBeMissing(attribute, issuer)) return [];
    const { name } = attribute;
    if (matcher.kind === "any-of") {
      if (isMissingRefused(policy, condition)) return [];
      const message = `this entry does not deny a job without ${name}; add ${name}: {exists: true} to match, or an entry {${name}: {exists: false}} to deny`;
      return [warning(path, "deny-missing", message)];
    }
    if (conditionOn(policy, name) !== undefined) return [];
    const message = `this entry also denies a job without ${name}; write the values to deny instead of not, if it should not`;
    return [note(path, "deny-missing", message)];
  });
}

/** Whether another part of the policy refuses every job without the attribute. */
function isMissingRefused(policy: Policy, { attribute }: Condition): boolean {
  const inMatch = conditionOn(policy, attribute.name)?.matcher;
  if (inMatch !== undefined && !(inMatch.kind === "exists" && !inMatch.expected)) return true;
  return policy.deny.some(([only, ...others]) => {
    if (only === undefined || others.length > 0 || only.attribute.name !== attribute.name) return false;
    return only.matcher.kind === "none-of" || (only.matcher.kind === "exists" && !only.matcher.expected);
  });
}

function mayBeMissing(attribute: Attribute, issuer: AllowedIssuer): boolean {
  const [claim, ...inside] = attribute.kind === "derived" ? [DERIVED[attribute.name].from] : attribute.path;
  if (inside.length > 0) return true;
  if (ALWAYS_THERE.includes(claim) || issuer.requiredClaims.includes(claim)) return false;
  const known = knownClaim(issuer.type, claim);
  // Of a claim that its provider is not known to have, another lint speaks.
  return known === undefined || (known !== "unknown" && known.optional === true);
}
