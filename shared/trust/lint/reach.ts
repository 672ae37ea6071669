import { literalPrefix, matchesGlob } from "../../glob.ts";
import { didYouMean } from "../../nearest-word.ts";
import type { Policy } from "../compile/policy.ts";
import { templatePlaces } from "../compile/spiffe-id-template.ts";
import type { Place } from "../compile/template.ts";
import { type Condition, literalsOf } from "../model/condition.ts";
import { type AllowedIssuer, ISSUER_TYPES } from "../model/issuer.ts";
import { KNOWN_CLAIMS, type KnownClaim } from "../model/known-claims.ts";
import type { Problem } from "../model/problem.ts";
import {
  allConditions,
  claimOf,
  conditionOn,
  conditionPath,
  note,
  type PolicyLint,
  policyPath,
  type Subject,
  wanted,
  warning,
} from "./finding.ts";

/** Lints of what a policy can reach: conditions that no token meets, templates that no value fits. */
export const REACH_LINTS: readonly PolicyLint[] = [
  unknownClaims,
  impossibleConditions,
  contradictoryRefs,
  deniedAltogether,
  unrenderable,
];

function unknownClaims({ policy, issuer }: Subject) {
  const problemOf = (attribute: Place["attribute"], path: Problem["path"]) => {
    const claim = claimOf(attribute, issuer);
    if (claim?.known !== "unknown") return [];
    const other = ISSUER_TYPES.find((type) => Object.hasOwn(KNOWN_CLAIMS[type] ?? {}, claim.name));
    const near = didYouMean(claim.name, Object.keys(KNOWN_CLAIMS[issuer.type] ?? {}));
    const hint =
      near || (other === undefined ? "; check its spelling" : `; ${other} tokens have it, so write another`);
    return [
      warning(
        path,
        "unknown-claim",
        `${issuer.type} tokens are not known to have the claim ${claim.name}${hint}`,
      ),
    ];
  };
  return [
    ...allConditions(policy).flatMap(({ condition, path }) => problemOf(condition.attribute, path)),
    ...templatePlaces(policy.spiffeId).flatMap(({ attribute }) =>
      problemOf(attribute, policyPath(policy, "spiffeId")),
    ),
  ];
}

function impossibleConditions({ policy, issuer }: Subject) {
  return allConditions(policy).flatMap(({ condition, path, denies }) => {
    const reason = impossibility(condition, issuer);
    const outcome = denies ? "so nothing is denied" : "so nothing is granted";
    return reason === undefined
      ? []
      : [warning(path, "never-matches", `no token meets this, ${outcome}: ${reason}`)];
  });
}

function impossibility(condition: Condition, issuer: AllowedIssuer): string | undefined {
  const { attribute, test } = condition;
  const claim = claimOf(attribute, issuer);
  if (claim === undefined) return undefined;
  if (test.kind === "exists") {
    const always = issuer.requiredClaims.includes(claim.name) && !claim.nested;
    return always && !test.expected
      ? `${claim.name} is in every token; write exists: true or leave it out`
      : undefined;
  }
  const registered: Readonly<Record<string, string>> = { iss: issuer.issuer, aud: issuer.audience };
  const only = Object.hasOwn(registered, claim.name) ? registered[claim.name] : undefined;
  const { literals, patterns } = wanted(condition);
  if (literals.length + patterns.length === 0) return undefined;
  if (only !== undefined)
    return literals.includes(only) || patterns.length > 0
      ? undefined
      : `${claim.name} is always ${only}; leave it out`;
  if (typeof claim.known !== "object") return undefined;
  if (claim.nested && issuer.type === "github")
    return `${claim.name} is text and has nothing inside; write jwt.claim.${claim.name}`;
  const problems = [
    ...literals.map((value) => valueProblem(value, claim.known as KnownClaim)),
    ...patterns.map((pattern) => patternProblem(pattern, claim.known as KnownClaim)),
  ];
  return problems.includes(undefined) ? undefined : `${claim.name} ${problems[0]}`;
}

function valueProblem(value: string, known: KnownClaim): string | undefined {
  if (known.words?.includes(value) === false)
    return `is one of ${known.words.join(", ")}; write one of these`;
  if (known.digits && !/^[0-9]+$/.test(value)) return "is a number; write its digits";
  if (known.start !== undefined && !value.startsWith(known.start))
    return `always starts with ${known.start}; write refs/heads/${value}`;
  if (known.neverStart !== undefined && value.startsWith(known.neverStart))
    return `has no ${known.neverStart} before the name; write jwt.claim.ref_path: ${value}`;
  return undefined;
}

function patternProblem(pattern: string, known: KnownClaim): string | undefined {
  const prefix = literalPrefix(pattern);
  const { start, neverStart } = known;
  if (start !== undefined && !prefix.startsWith(start) && !start.startsWith(prefix)) {
    return `always starts with ${start}; write refs/heads/${pattern}`;
  }
  return neverStart !== undefined && prefix.startsWith(neverStart)
    ? `has no ${neverStart} before the name; write jwt.claim.ref_path`
    : undefined;
}

/** A ref under `refs/tags/` with the type branch, or the other way round. */
function contradictoryRefs({ policy, issuer }: Subject) {
  const type = conditionOn(policy, "jwt.claim.ref_type");
  const ref = conditionOn(policy, issuer.type === "github" ? "jwt.claim.ref" : "jwt.claim.ref_path");
  const types = type === undefined ? undefined : literalsOf(type);
  if (issuer.type === "jwt" || types === undefined || ref === undefined) return [];
  const { literals, patterns } = wanted(ref);
  const kinds = [...literals, ...patterns].map((text) =>
    text.startsWith("refs/tags/") ? "tag" : text.startsWith("refs/heads/") ? "branch" : "any",
  );
  if (kinds.length === 0 || kinds.some((kind) => kind === "any" || types.has(kind))) return [];
  const message = `no token meets this: the ref is of a ${kinds[0]}, and ref_type is ${[...types].join(" or ")}; correct one of them`;
  return [warning(conditionPath(policy, ref), "never-matches", message)];
}

/** An entry of `deny` that takes away all that one condition of `match` lets in. */
function deniedAltogether({ policy }: Subject) {
  return policy.deny.flatMap((entry, index) => {
    const [only, ...others] = entry;
    const matched =
      only === undefined || others.length > 0 ? undefined : conditionOn(policy, only.attribute.name);
    const values = matched === undefined ? undefined : literalsOf(matched);
    if (only === undefined || values === undefined || only.test.kind === "exists") return [];
    const { test } = only;
    const denies = (value: string) =>
      (test.literals.has(value) || test.globs.some((glob) => matchesGlob(glob, value))) ===
      (test.kind === "any-of");
    if (![...values].every(denies)) return [];
    const message = `this denies every value of ${only.attribute.name} that match asks for, so the policy never matches; remove one of the two`;
    return [warning(policyPath(policy, "deny", index), "never-matches", message)];
  });
}

function unrenderable({ policy, issuer }: Subject) {
  return templatePlaces(policy.spiffeId).flatMap((place) => placeProblem(place, policy, issuer));
}

function placeProblem(place: Place, policy: Policy, issuer: AllowedIssuer): readonly Problem[] {
  const { attribute, filters } = place;
  const path = policyPath(policy, "spiffeId");
  const known = claimOf(attribute, issuer)?.known;
  if (typeof known !== "object") return [];
  const found: Problem[] = [];
  if (known.compound && !filters.some((filter) => filter !== "lower")) {
    found.push(
      warning(
        path,
        "unrenderable",
        `${attribute.name} is never one path segment, so nothing is ever granted; add | path, | enc or | hash`,
      ),
    );
  }
  if (known.optional && conditionOn(policy, attribute.name) === undefined) {
    found.push(
      note(
        path,
        "may-be-missing",
        `a job without ${attribute.name} is refused with identity_refused; add {exists: true} to match, so that the checks say it`,
      ),
    );
  }
  return found;
}
