import type { JsonObject } from "../../shared/json.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import { storedText } from "../../shared/trust/document/stored.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { count } from "../terminal/count.ts";
import type { Paint } from "../terminal/paint.ts";
import { changeLine } from "../trust/change-line.ts";
import { type ChangePlan, planChanges } from "../trust/change-plan.ts";
import { type CheckedTrustFile, compileTrustFile, problemLine } from "../trust/trust-file.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";
import { readStored, type WranglerFlags, writeStored } from "../trust/wrangler.ts";

export interface ApplyFlags {
  readonly local?: boolean;
  readonly remote?: boolean;
  readonly dryRun?: boolean;
  readonly config?: string;
  readonly env?: string;
  readonly persistTo?: string;
}

export const addApply: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "apply", "check and test a trust document, show its changes, and put it in force")
    .addArgument(trustFileArgument())
    .option("--local", "apply to wrangler dev on this machine")
    .option("--remote", "apply to the deployed exchange")
    .option("--dry-run", "show the changes, and apply nothing")
    .option("--config <file>", "configuration file of wrangler")
    .option("--env <name>", "environment in wrangler's configuration")
    .option("--persist-to <folder>", "folder of wrangler's local state")
    .action(async (file: string, flags: ApplyFlags & JsonFlag) => {
      finish(await applyCommand(file, flags, ports), flags);
    });
};

/**
 * Seconds after a write: every location decides by the new document. A write reaches every location of KV in about 60 s,
 * and a Worker reads KV every 30 s; the rest is margin.
 */
const LIVE_EVERYWHERE_SECONDS = 120;

/** `svid-exchange apply [FILE]`: checks and tests the document, compares it with the stored one, and stores it in KV. */
async function applyCommand(file: string, flags: ApplyFlags, ports: Ports): Promise<Outcome> {
  if ((flags.local === true) === (flags.remote === true)) {
    return misused("Give exactly one of --local and --remote.", [
      "Give --local to apply to wrangler dev on this machine.",
      "Give --remote to apply to the deployed exchange.",
    ]);
  }
  const trust = await compileTrustFile(file, ports);
  if (!trust.ok) return trust;
  const tested = requirePassingTests(trust.value);
  if (!tested.ok) return tested;
  for (const problem of trust.value.problems) ports.note(problemLine(file, problem, ports.paint));

  const where: WranglerFlags = { ...flags, where: flags.local === true ? "--local" : "--remote" };
  const current = await readStored(where, ports);
  if (!current.ok) return current;
  const text = storedText(trust.value.compiled.yaml.value);
  const plan = planChanges(current.value, text);
  if (plan.changes.length > 0 && flags.dryRun !== true) {
    const written = await writeStored(text, where, ports);
    if (!written.ok) return written;
  }
  const liveAt = formatInstant(ports.nowMs() / 1000 + LIVE_EVERYWHERE_SECONDS);
  return ok({
    exit: 0,
    json: asJson(plan, flags, liveAt),
    text: asText(plan, flags, liveAt, ports.paint),
  });
}

function requirePassingTests({ file, compiled }: Required<CheckedTrustFile>): Result<void, Failure> {
  const { results, passed } = runDocumentTests(compiled);
  if (passed) return ok(undefined);
  const broken = results.filter(({ failures }) => failures.length > 0);
  return failed(
    "trust_document_tests_failed",
    `${count(broken.length, "test")} of ${printable(file)} failed; the stored document was not changed.`,
    "Run svid-exchange test to see how each decision was made.",
    broken.flatMap(({ name, failures }) => [
      printable(name),
      ...failures.map((failure) => `  ${printable(failure)}`),
    ]),
  );
}

function asJson(
  { from, to, changes }: ChangePlan,
  { dryRun = false }: ApplyFlags,
  liveAt: string,
): JsonObject {
  const applied = changes.length > 0 && !dryRun;
  return {
    applied,
    config_version: to,
    previous_version: from ?? null,
    changes: changes.map((change) => ({ ...change })),
    ...(applied ? { live_everywhere_at: liveAt } : {}),
  };
}

function asText(
  { from, to, changes }: ChangePlan,
  { dryRun = false, local = false }: ApplyFlags,
  liveAt: string,
  paint: Paint,
): string {
  if (changes.length === 0) return `${paint.good("in force already")}: config version ${to}\n`;
  const replaces = from === undefined ? "no document was stored before" : `replaces ${from}`;
  const live = local ? "wrangler dev reads it within 30 seconds" : `live everywhere by ${liveAt}`;
  const end = dryRun
    ? `${paint.warn("dry run")}: nothing was applied; the config version would be ${to} (${replaces})`
    : `${paint.good("applied")}: config version ${paint.bold(to)} (${replaces}); ${live}`;
  return `${[...changes.map((change) => changeLine(change, paint)), end].join("\n")}\n`;
}
