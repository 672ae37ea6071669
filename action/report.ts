import * as core from "@actions/core";
import type { Check } from "../shared/denial.ts";
import type { JsonObject, JsonValue } from "../shared/json.ts";
import { printable } from "../shared/printable.ts";
import { type Explanation, type Facts, failedChecks } from "./explanation.ts";

/** Tells the job why it has no SVID: one error annotation, and a page in the job summary. */
export async function reportFailure(explanation: Explanation, facts: Facts): Promise<void> {
  const lines = [
    ...explanation.text,
    ...failedChecks(explanation),
    ...(explanation.yaml ?? []),
    `More: ${link(explanation, facts)}`,
  ];
  core.error(lines.map(printable).join("\n"), { title: printable(explanation.title) });
  if (process.env["GITHUB_STEP_SUMMARY"]) await writeSummary(explanation, facts);
}

function link({ page }: Explanation, { job }: Facts): string {
  return `${job.docs ?? "docs"}/${page}`;
}

async function writeSummary(explanation: Explanation, facts: Facts): Promise<void> {
  core.summary.addHeading(escapeHtml(explanation.title), 3);
  for (const line of explanation.text) core.summary.addRaw(`<p>${escapeHtml(line)}</p>`, true);
  if (explanation.yaml !== undefined)
    core.summary.addCodeBlock(explanation.yaml.map(escapeHtml).join("\n"), "yaml");
  if (explanation.checks.length > 0) core.summary.addTable(checkRows(explanation.checks));
  if (facts.claims !== undefined) {
    core.summary.addHeading("What this job's ID token says", 4).addTable(claimRows(facts.claims));
  }
  const more = escapeHtml(link(explanation, facts));
  core.summary.addRaw(
    facts.job.docs === undefined ? `<p>${more}</p>` : `<p><a href="${more}">${more}</a></p>`,
    true,
  );
  await core.summary.write();
}

type Row = Parameters<typeof core.summary.addTable>[0][number];

export function checkRows(checks: readonly Check[]): Row[] {
  return [
    header("Policy", "Attribute", "This job has", "Result"),
    ...checks.map(({ policy, attribute, value, pass }) => [
      codeCell(policy),
      codeCell(attribute),
      value === null ? "absent" : codeCell(value),
      pass ? "✅ holds" : "❌ fails",
    ]),
  ];
}

/** These differ in every token and no policy should look at them. */
const OF_THE_MOMENT = new Set(["jti", "iat", "nbf", "exp"]);

export function claimRows(claims: JsonObject): Row[] {
  const lasting = Object.entries(claims).filter(([name]) => !OF_THE_MOMENT.has(name));
  return [
    header("Claim", "Value"),
    ...lasting.map(([name, value]) => [codeCell(name), codeCell(text(value))]),
  ];
}

function header(...names: readonly string[]): Row {
  return names.map((data) => ({ data, header: true }));
}

function text(value: JsonValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function codeCell(value: string): string {
  return `<code>${escapeHtml(value)}</code>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * A branch name or a claim is whatever its author typed: it must not become markup, nor end the HTML block that it
 * stands in, as a blank line would (CommonMark §4.6), nor mention people.
 */
export function escapeHtml(value: string): string {
  return printable(value).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
