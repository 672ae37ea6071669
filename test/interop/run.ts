// Runs the product with the programs of other projects: npm run interop [-- [--install] [--page]]. README.md says how.
import { startWorld } from "../../local/world.ts";
import { driveApplications, installApplications } from "./applications/group.ts";
import type { Findings } from "./outcome.ts";
import { writePage } from "./page.ts";
import { driveWorkloadApi, installWorkloadApi } from "./workload-api/group.ts";

// The local runtime would otherwise ask Cloudflare for a sample of request.cf.
process.env["CLOUDFLARE_CF_FETCH_ENABLED"] ??= "false";

const GROUPS = [
  { install: installApplications, drive: driveApplications },
  { install: installWorkloadApi, drive: driveWorkloadApi },
];

const flags = new Set(process.argv.slice(2));
const unknown = [...flags].filter((flag) => flag !== "--install" && flag !== "--page");
if (unknown.length > 0) throw new Error(`${unknown.join(" ")} is unknown: give --install, --page or nothing`);

if (flags.has("--install")) for (const { install } of GROUPS) install();
const findings: Findings[] = [];
for (const { drive } of GROUPS) {
  const world = await startWorld();
  try {
    findings.push(await drive(world));
  } finally {
    await world.close();
  }
}
for (const group of findings) report(group);
if (flags.has("--page")) writePage(findings, new Date());
const outcomes = findings.flatMap((group) => group.outcomes);
const count = (result: string): number => outcomes.filter((outcome) => outcome.result === result).length;
console.log(`${count("holds")} hold, ${count("fails")} fail, ${count("not offered")} not offered`);
if (count("fails") > 0 || outcomes.length === 0) process.exitCode = 1;

function report({ title, outcomes, skipped, notes }: Findings): void {
  console.log(`\n${title}`);
  for (const { party, check, result, detail } of outcomes) {
    console.log(
      `  ${result.padEnd(12)}${party.padEnd(17)}${check}${detail === undefined ? "" : `: ${detail}`}`,
    );
  }
  for (const { party, why } of skipped) console.log(`  ${"skipped".padEnd(12)}${party.padEnd(17)}${why}`);
  for (const note of notes) console.log(`  ${note}`);
}
