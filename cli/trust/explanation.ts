import type { Denial } from "../../shared/denial.ts";
import { formatDuration } from "../../shared/duration.ts";
import { printable } from "../../shared/printable.ts";
import type { Result } from "../../shared/result.ts";
import type { Grant } from "../../shared/svid.ts";
import type { ConditionExplanation } from "../../shared/trust/tools/condition-explanation.ts";
import type { Explanation, PolicyExplanation } from "../../shared/trust/tools/explain.ts";
import { ERRORS_PAGE } from "../pages.ts";
import { claimLines, fieldLine } from "../terminal/field-line.ts";
import type { Paint } from "../terminal/paint.ts";

export interface ViewOptions {
  /** Show every policy, not only the matches and the nearest misses. */
  readonly all: boolean;
}

/** A decision for people: the outcome first, then the policies that explain it. */
export function explanationLines(
  explanation: Explanation,
  { all }: ViewOptions,
  paint: Paint,
): readonly string[] {
  const { outcome, told, policies, nearest, guards, missingClaims } = explanation;
  const granted = outcome.ok ? outcome.value.policy : undefined;
  const shown = policies.filter(
    ({ policy, matched }) =>
      all || matched || policy === granted || (granted === undefined && nearest.includes(policy)),
  );
  const width = Math.max(0, ...shown.flatMap(conditionsOf).map(({ attribute }) => attribute.length));
  const hidden = policies.length - shown.length;
  return [
    ...outcomeLines(outcome, paint),
    ...(told === undefined ? [] : [`        ${paint.dim(`The job itself is told less: ${told.code}`)}`]),
    ...missingClaims.map(
      (name) => `${paint.bad("✗")} the token lacks ${printable(name)}, which this type of issuer requires`,
    ),
    ...guards.map(
      ({ name, attribute, reason }) =>
        `${paint.warn("!")} guard ${name}: ${printable(reason)}; a policy lifts it by matching ${attribute}`,
    ),
    ...shown.flatMap((policy) => policyLines(policy, width, paint)),
    ...(hidden > 0
      ? [paint.dim(`${hidden} more of this issuer's policies did not match; --all shows them`)]
      : []),
  ];
}

function outcomeLines(outcome: Result<Grant, Denial>, paint: Paint): readonly string[] {
  if (!outcome.ok) {
    const { code, detail } = outcome.error;
    return [
      `${paint.bad("refused")} ${paint.bold(code)}: ${printable(detail)}`,
      `        ${paint.dim(`${ERRORS_PAGE}#${code}`)}`,
    ];
  }
  const { policy, spiffeId, audience, algorithm, ttlSeconds, claims } = outcome.value;
  return [
    `${paint.good("granted")} by ${paint.bold(printable(policy))}`,
    fieldLine("SPIFFE ID", spiffeId, paint),
    fieldLine("audience", audience, paint),
    fieldLine("lifetime", `${formatDuration(ttlSeconds)}, signed with ${algorithm}`, paint),
    ...claimLines(claims, paint),
  ];
}

function policyLines(policy: PolicyExplanation, width: number, paint: Paint): readonly string[] {
  const { matched, guardedBy, match, deny } = policy;
  const good = matched && guardedBy.length === 0;
  return [
    "",
    `${good ? paint.good("✓") : paint.bad("✗")} ${paint.bold(printable(policy.policy))}`,
    ...guardedBy.map((guard) => `  ${paint.bad("✗")} does not lift the guard ${guard}`),
    ...match.map((condition) => `  ${conditionLine(condition, "expected", width, paint)}`),
    ...deny
      .filter(({ denies }) => denies)
      .flatMap(({ conditions }) => [
        `  ${paint.bad("✗")} denied, because all of these conditions hold:`,
        ...conditions.map((condition) => `    ${conditionLine(condition, "denied", width, paint)}`),
      ]),
  ];
}

/** @param rule `expected`: the condition has to hold. `denied`: it may not hold. */
export function conditionLine(
  { attribute, value, expected, holds }: ConditionExplanation,
  rule: "expected" | "denied",
  width: number,
  paint: Paint,
): string {
  const mark = holds === (rule === "expected") ? paint.good("✓") : paint.bad("✗");
  const shownValue = value === null ? paint.dim("(not in the token)") : printable(value);
  const ruleText = holds && value === expected ? "" : `  ${paint.dim(`${rule} ${printable(expected)}`)}`;
  return `${mark} ${printable(attribute).padEnd(width)}  ${shownValue}${ruleText}`;
}

function conditionsOf({ match, deny }: PolicyExplanation): readonly ConditionExplanation[] {
  return [...match, ...deny.filter(({ denies }) => denies).flatMap(({ conditions }) => conditions)];
}
