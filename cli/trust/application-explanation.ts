import type { AssertionGrant } from "../../shared/assertion.ts";
import { formatDuration } from "../../shared/duration.ts";
import { printable } from "../../shared/printable.ts";
import type {
  ApplicationExplanation,
  RuleExplanation,
} from "../../shared/trust/tools/explain-application.ts";
import { ERRORS_PAGE } from "../pages.ts";
import { count } from "../terminal/count.ts";
import { fieldLine } from "../terminal/field-line.ts";
import type { Paint } from "../terminal/paint.ts";
import { conditionLine, type ViewOptions } from "./explanation.ts";

/** A decision on an application's caller for people: the outcome first, then the rules that explain it. */
export function applicationLines(
  explanation: ApplicationExplanation,
  { all }: ViewOptions,
  paint: Paint,
): readonly string[] {
  const { application, host, rules, outcome } = explanation;
  const shown = outcome.ok && !all ? rules.slice(0, outcome.value.rule + 1) : rules;
  const width = Math.max(0, ...shown.flatMap(({ match }) => match.map(({ attribute }) => attribute.length)));
  const hidden = rules.length - shown.length;
  return [
    `${paint.dim("application")}  ${printable(application)} (${printable(host)})`,
    ...(outcome.ok ? toldLines(outcome.value, explanation, paint) : refusedLines(outcome.error, paint)),
    ...shown.flatMap((rule, index) => ruleLines(rule, index, width, paint)),
    ...(hidden > 0
      ? [paint.dim(`${count(hidden, "later rule")} not needed; --all shows what they expect`)]
      : []),
  ];
}

function refusedLines(
  { code, detail }: { readonly code: string; readonly detail: string },
  paint: Paint,
): readonly string[] {
  return [
    `${paint.bad("refused")} ${paint.bold(code)}: ${printable(detail)}`,
    `        ${paint.dim(`${ERRORS_PAGE}#${code}`)}`,
  ];
}

function toldLines(
  told: AssertionGrant,
  { headers }: ApplicationExplanation,
  paint: Paint,
): readonly string[] {
  const { rule, username, roles, traits, audience, algorithm, ttlSeconds } = told;
  return [
    `${paint.good("let in")} by ${paint.bold(`rule ${rule + 1}`)}`,
    fieldLine("username", username, paint),
    fieldLine("roles", roles.join(", ") || "none", paint),
    ...Object.entries(traits).map(([name, values], index) =>
      fieldLine(index === 0 ? "traits" : "", `${name}: ${values.join(", ")}`, paint),
    ),
    fieldLine("assertion", `for ${audience}, ${formatDuration(ttlSeconds)}, signed with ${algorithm}`, paint),
    ...headers.map(({ name, value }, index) =>
      fieldLine(index === 0 ? "headers" : "", `${name}: ${value}`, paint),
    ),
  ];
}

function ruleLines(
  { matched, match }: RuleExplanation,
  index: number,
  width: number,
  paint: Paint,
): readonly string[] {
  return [
    "",
    `${matched ? paint.good("✓") : paint.bad("✗")} ${paint.bold(`rule ${index + 1}`)}`,
    ...match.map((condition) => `  ${conditionLine(condition, "expected", width, paint)}`),
  ];
}
