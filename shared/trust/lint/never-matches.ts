import { literalPrefix } from "../../glob.ts";
import { isAmong } from "../decide/condition.ts";
import { type AnyOf, type Condition, type Exists, literalsOf } from "../model/condition.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { KnownClaim } from "../model/known-claims.ts";
import { conditionOn } from "../model/policy.ts";
import { type Claim, claimOf } from "./claim.ts";
import { allConditions, policyPath, type Subject, warning } from "./finding.ts";

export function impossibleConditions({ policy, issuer }: Subject) {
  return allConditions(policy).flatMap(({ condition, path, denies }) => {
    const reason = impossibility(condition, issuer);
    const outcome = denies ? "so it denies nothing" : "so the policy grants nothing";
    return reason === undefined
      ? []
      : [warning(path, "never-matches", `no token meets this condition, ${outcome}: ${reason}`)];
  });
}

/** An entry of `deny` that denies every value that one condition of `match` allows. */
export function deniedAltogether({ policy }: Subject) {
  return policy.deny.flatMap(([only, ...others], index) => {
    if (only === undefined || others.length > 0 || only.matcher.kind === "exists") return [];
    const matched = conditionOn(policy, only.attribute.name);
    const values = matched === undefined ? undefined : literalsOf(matched);
    const { matcher } = only;
    const isDenied = (value: string) => isAmong(matcher, value) === (matcher.kind === "any-of");
    if (values === undefined || ![...values].every(isDenied)) return [];
    const message = `this entry denies every value of ${only.attribute.name} that match allows, so the policy never matches; remove one of the two`;
    return [warning(policyPath(policy, "deny", index), "never-matches", message)];
  });
}

/** Why no token of the issuer meets a condition, as far as is known, and what to write instead. */
function impossibility({ attribute, matcher }: Condition, issuer: AllowedIssuer): string | undefined {
  const claim = claimOf(attribute, issuer);
  if (claim === undefined || matcher.kind === "none-of") return undefined;
  if (matcher.kind === "exists") return absenceProblem(matcher, claim, issuer);
  const only = onlyValue(claim, issuer);
  return only === undefined ? valuesProblem(matcher, claim, issuer) : fixedProblem(matcher, claim, only);
}

function absenceProblem({ expected }: Exists, claim: Claim, issuer: AllowedIssuer): string | undefined {
  const isAlwaysThere = issuer.requiredClaims.includes(claim.name) && !claim.nested;
  return isAlwaysThere && !expected
    ? `${claim.name} is in every token; write exists: true, or remove the condition`
    : undefined;
}

/** `iss` and `aud` have one value each, which the exchange has judged before any policy. */
function onlyValue({ name }: Claim, issuer: AllowedIssuer): string | undefined {
  return name === "iss" ? issuer.issuer : name === "aud" ? issuer.audience : undefined;
}

function fixedProblem({ literals, globs }: AnyOf, { name }: Claim, only: string): string | undefined {
  if (literals.has(only) || globs.length > 0) return undefined;
  return `${name} is always ${only}; remove the condition`;
}

function valuesProblem({ literals, globs }: AnyOf, { name, nested, known }: Claim, issuer: AllowedIssuer) {
  if (typeof known !== "object") return undefined;
  if (nested && issuer.type === "github")
    return `${name} is text, which has no members; write jwt.claim.${name}`;
  const problems = [
    ...Array.from(literals, (value) => literalProblem(value, known)),
    ...globs.map(({ pattern }) => patternProblem(pattern, known)),
  ];
  return problems.includes(undefined) ? undefined : `${name} ${problems[0]}`;
}

function literalProblem(value: string, known: KnownClaim): string | undefined {
  if (known.words?.includes(value) === false)
    return `is always one of ${known.words.join(", ")}; write one of these`;
  if (known.digits && !/^[0-9]+$/.test(value)) return "is always a number; write its digits";
  if (known.start !== undefined && !value.startsWith(known.start))
    return `always starts with ${known.start}; write refs/heads/${value}`;
  if (known.neverStart !== undefined && value.startsWith(known.neverStart))
    return `never starts with ${known.neverStart}; write jwt.claim.ref_path: ${value}`;
  return undefined;
}

function patternProblem(pattern: string, known: KnownClaim): string | undefined {
  const prefix = literalPrefix(pattern);
  const { start, neverStart } = known;
  if (start !== undefined && !prefix.startsWith(start) && !start.startsWith(prefix)) {
    return `always starts with ${start}; write refs/heads/${pattern}`;
  }
  return neverStart !== undefined && prefix.startsWith(neverStart)
    ? `never starts with ${neverStart}; write jwt.claim.ref_path`
    : undefined;
}
