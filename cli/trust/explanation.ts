import type { Denial } from "../../shared/denial.ts";
import { formatDuration } from "../../shared/duration.ts";
import type { Result } from "../../shared/result.ts";
import type { Grant } from "../../shared/svid.ts";
import type {
  ConditionExplanation,
  Explanation,
  PolicyExplanation,
} from "../../shared/trust/tools/explain.ts";
import { ERRORS_PAGE } from "../svid/exchange-failure.ts";
import { type Paint, printable } from "../terminal/paint.ts";

export interface ViewOptions {
  /** Every policy, and not only those that matched or came near. */
  readonly all: boolean;
}

/** How a decision came about, for a person at a terminal: the outcome first, then the policies that explain it. */
export function explanationLines(
  explanation: Explanation,
  { all }: ViewOptions,
  paint: Paint,
): readonly string[] {
  const { outcome, policies, nearest, guards, missingClaims } = explanation;
  const granted = outcome.ok ? outcome.value.policy : undefined;
  const shown = policies.filter(
    ({ policy, matched }) =>
      all || matched || policy === granted || (granted === undefined && nearest.includes(policy)),
  );
  const width = Math.max(0, ...shown.flatMap(conditionsOf).map(({ attribute }) => attribute.length));
  const hidden = policies.length - shown.length;
  return [
    ...outcomeLines(outcome, paint),
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
  const line = (name: string, value: string): string => `  ${paint.dim(name.padEnd(9))} ${printable(value)}`;
  const own = Object.entries(claims);
  return [
    `${paint.good("granted")} by ${paint.bold(printable(policy))}`,
    line("SPIFFE ID", spiffeId),
    line("audience", audience),
    line("lifetime", `${formatDuration(ttlSeconds)}, signed with ${algorithm}`),
    ...own.map(([name, value], index) =>
      line(index === 0 ? "claims" : "", `${name}: ${JSON.stringify(value)}`),
    ),
  ];
}

function policyLines(policy: PolicyExplanation, width: number, paint: Paint): readonly string[] {
  const { matched, guardedBy, match, deny } = policy;
  const good = matched && guardedBy.length === 0;
  const condition = (one: ConditionExplanation, isGood: boolean): string =>
    conditionLine(one, isGood, width, paint);
  return [
    "",
    `${good ? paint.good("✓") : paint.bad("✗")} ${paint.bold(printable(policy.policy))}`,
    ...guardedBy.map((guard) => `  ${paint.bad("✗")} does not lift the guard ${guard}`),
    ...match.map((one) => `  ${condition(one, one.holds)}`),
    ...deny
      .filter(({ denies }) => denies)
      .flatMap(({ conditions }) => [
        `  ${paint.bad("✗")} denied, as all of this holds:`,
        ...conditions.map((one) => `    ${condition(one, !one.holds)}`),
      ]),
  ];
}

function conditionLine(
  { attribute, value, expected }: ConditionExplanation,
  isGood: boolean,
  width: number,
  paint: Paint,
): string {
  const mark = isGood ? paint.good("✓") : paint.bad("✗");
  const has = value === null ? paint.dim("(not in the token)") : printable(value);
  const wants = isGood && value === expected ? "" : `  ${paint.dim(`wants ${printable(expected)}`)}`;
  return `${mark} ${printable(attribute).padEnd(width)}  ${has}${wants}`;
}

function conditionsOf({ match, deny }: PolicyExplanation): readonly ConditionExplanation[] {
  return [...match, ...deny.filter(({ denies }) => denies).flatMap(({ conditions }) => conditions)];
}
