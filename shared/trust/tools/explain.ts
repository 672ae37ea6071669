import { presentClaim } from "../../claims.ts";
import { type Denial, reasonOf } from "../../denial.ts";
import { err, type Result } from "../../result.ts";
import type { Grant } from "../../svid.ts";
import { type DecisionRequest, decide } from "../decide/decide.ts";
import { lifts, trippedGuards } from "../decide/guard.ts";
import { nearestMisses } from "../decide/selection.ts";
import { type ConditionTrace, matches, type PolicyTrace, tracePolicy } from "../decide/trace.ts";
import { wholeView } from "../decide/view.ts";
import { claimAttribute } from "../model/attribute.ts";
import type { Attributes } from "../model/attributes.ts";
import type { AllowedIssuer } from "../model/issuer.ts";
import type { TrustConfig } from "../model/trust-config.ts";
import { listAttributes } from "./attribute-list.ts";
import { type ConditionExplanation, describeMatcher } from "./condition-explanation.ts";

export interface PolicyExplanation {
  readonly policy: string;
  /** All of `match` holds and no entry of `deny` does. Guards are not part of it. */
  readonly matched: boolean;
  readonly match: readonly ConditionExplanation[];
  /** An entry denies where all of its conditions hold. */
  readonly deny: readonly {
    readonly denies: boolean;
    readonly conditions: readonly ConditionExplanation[];
  }[];
  /** Names of the tripped guards that this policy does not lift. */
  readonly guardedBy: readonly string[];
}

/** How a decision came about, as plain data. */
export interface Explanation {
  readonly issuer: { readonly id: string; readonly type: string; readonly issuer: string };
  /** Claims that the issuer's type requires and the token lacks: the exchange refuses it before any policy. */
  readonly missingClaims: readonly string[];
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  /** Guards that the token trips, and the claim by which a policy lifts each. */
  readonly guards: readonly { readonly name: string; readonly attribute: string; readonly reason: string }[];
  /** Every policy of the issuer, in the order of the document. */
  readonly policies: readonly PolicyExplanation[];
  /** The policies that a refusal would show as nearest misses. */
  readonly nearest: readonly string[];
  /** The grant, or the whole reason of the refusal. */
  readonly outcome: Result<Grant, Denial>;
  /** What the caller is told of the refusal, where that is less. */
  readonly told?: { readonly code: string; readonly detail: string };
}

/** Explains what `decide` says about a token of this issuer. */
export function explain(
  config: TrustConfig,
  issuer: AllowedIssuer,
  attributes: Attributes,
  request: DecisionRequest,
): Explanation {
  const index = config.policies.get(issuer.id);
  const guards = trippedGuards(attributes);
  const explainPolicy = (trace: PolicyTrace): PolicyExplanation => ({
    policy: trace.policy.name,
    matched: matches(trace.policy, attributes),
    match: trace.match.map(explainCondition),
    deny: trace.deny.map(({ hit, conditions }) => ({
      denies: hit,
      conditions: conditions.map(explainCondition),
    })),
    guardedBy: guards.filter((tripped) => !lifts(trace.policy, tripped)).map(({ guard }) => guard.name),
  });
  return {
    issuer: { id: issuer.id, type: issuer.type, issuer: issuer.issuer },
    missingClaims: issuer.requiredClaims.filter(
      (name) => presentClaim(attributes.claims, name) === undefined,
    ),
    attributes: listAttributes(attributes),
    guards: guards.map(({ guard: { name, claim, reason } }) => ({
      name,
      attribute: claimAttribute(claim).name,
      reason,
    })),
    policies: (index?.policies ?? []).map((policy) => explainPolicy(tracePolicy(policy, attributes))),
    nearest:
      index === undefined
        ? []
        : nearestMisses(wholeView(index, attributes), attributes).map(({ policy }) => policy.name),
    ...outcomeOf(decide(config, issuer, attributes, request)),
  };
}

function outcomeOf(decided: Result<Grant, Denial>): Pick<Explanation, "outcome" | "told"> {
  if (decided.ok || decided.error.cause === undefined) return { outcome: decided };
  const { code, detail } = decided.error;
  return { outcome: err(reasonOf(decided.error)), told: { code, detail } };
}

function explainCondition({ condition, value, pass }: ConditionTrace): ConditionExplanation {
  return {
    attribute: condition.attribute.name,
    expected: describeMatcher(condition.matcher),
    value,
    holds: pass,
  };
}
