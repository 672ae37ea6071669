import { writeFileSync } from "node:fs";
import type { Findings } from "./outcome.ts";

const PAGE = "docs/reference/interop.md";

const SIGNS = { holds: "yes", "not offered": "–", fails: "**no**" } as const;

/** Writes what was found, with the day and the versions, for those who decide whether their software fits. */
export function writePage(findings: readonly Findings[], now: Date): void {
  writeFileSync(PAGE, `${[INTRODUCTION, ...findings.map((group) => section(group, now))].join("\n\n")}\n`);
}

const INTRODUCTION = `# Interoperability

\`npm run interop -- --page\` writes this page. It starts the exchange on one machine and drives unmodified programs of other
projects; \`--install\` installs those that are missing, each from its own registry. "–" means that a program has no such
command.`;

function section({ title, driven, outcomes, notes }: Findings, now: Date): string {
  const checks = [...new Set(outcomes.map(({ check }) => check))];
  const sign = (check: string, party: string): string => {
    const found = outcomes.find((outcome) => outcome.check === check && outcome.party === party);
    return found === undefined ? "" : SIGNS[found.result];
  };
  const rows = checks.map((check) => row([check, ...driven.map(({ name }) => sign(check, name))]));
  return [
    `## ${title}`,
    "",
    `Run on ${now.toISOString().slice(0, 10)}.${notes.map((note) => ` ${note}`).join("")}`,
    "",
    row(["check", ...driven.map(({ name, version }) => `${name} ${version}`)]),
    row(["check", ...driven].map(() => "---")),
    ...rows,
  ].join("\n");
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
