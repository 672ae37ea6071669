import type { Denial } from "../../shared/denial.ts";
import { printable } from "../../shared/printable.ts";
import type { Paint } from "../terminal/paint.ts";

/**
 * Why a token is refused before anything of the document is looked at.
 *
 * @param consequence what the decision that follows then means.
 */
export function findingLines(
  findings: readonly Denial[],
  consequence: string,
  paint: Paint,
): readonly string[] {
  if (findings.length === 0) return [];
  return [
    ...findings.map(({ code, detail }) => `${paint.bad("✗")} ${paint.bold(code)}: ${printable(detail)}`),
    paint.dim(consequence),
  ];
}

/** The same as JSON. */
export function findingsAsJson(findings: readonly Denial[]): readonly { code: string; message: string }[] {
  return findings.map(({ code, detail }) => ({ code, message: detail }));
}
