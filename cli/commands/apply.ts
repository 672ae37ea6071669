import type { JsonObject } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import { storedText } from "../../shared/trust/document/stored.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { count } from "../terminal/count.ts";
import { type Paint, printable } from "../terminal/paint.ts";
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
  addSubcommand(program, "apply", "check and test a trust document, show what changes, and put it in force")
    .addArgument(trustFileArgument())
    .option("--local", "for wrangler dev on this machine")
    .option("--remote", "for the deployed exchange")
    .option("--dry-run", "show what would change, and change nothing")
    .option("--config <file>", "wrangler's configuration file")
    .option("--env <name>", "wrangler's environment")
    .option("--persist-to <folder>", "wrangler's folder for local state")
    .action(async (file: string, flags: ApplyFlags & JsonFlag) => {
      finish(await applyCommand(file, flags, ports), flags);
    });
};

/** Seconds from a write until every location has read it: KV's own delay, and the Worker's look every 30 s. */
const LIVE_EVERYWHERE_SECONDS = 120;

/** `svid-exchange apply [FILE]`: check, test, show what changes, put it in KV, say when it will be live. */
async function applyCommand(file: string, flags: ApplyFlags, ports: Ports): Promise<Outcome> {
  if ((flags.local === true) === (flags.remote === true)) {
    return misused(
      "Nothing, or too much, says where to.",
      "Give --local for wrangler dev on this machine, or --remote for the deployed exchange.",
    );
  }
  const trust = compileTrustFile(file, ports);
  if (!trust.ok) return trust;
  const tested = passesTests(trust.value);
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

function passesTests({ file, compiled }: Required<CheckedTrustFile>): Result<void, Failure> {
  const { results, passed } = runDocumentTests(compiled.config);
  if (passed) return ok(undefined);
  const broken = results.filter(({ failures }) => failures.length > 0);
  return failed(
    "trust_document_tests_failed",
    `${count(broken.length, "test")} of ${printable(file)} failed; nothing was changed.`,
    "svid-exchange test shows how each decision came about.",
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
  const replaces = from === undefined ? "nothing was there before" : `replaces ${from}`;
  const live = local ? "wrangler dev takes it up within 30 seconds" : `live everywhere by ${liveAt}`;
  const end = dryRun
    ? `${paint.warn("dry run")}: nothing was changed; config version would be ${to} (${replaces})`
    : `${paint.good("applied")}: config version ${paint.bold(to)} (${replaces}); ${live}`;
  return `${[...changes.map((change) => changeLine(change, paint)), end].join("\n")}\n`;
}
