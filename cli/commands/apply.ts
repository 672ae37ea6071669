import { parseJson } from "../../shared/client/fetch.ts";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { formatInstant } from "../../shared/time.ts";
import { storedText } from "../../shared/trust/document/stored.ts";
import { configVersion } from "../../shared/trust/document/version.ts";
import { runDocumentTests } from "../../shared/trust/tools/document-tests.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { count } from "../terminal/count.ts";
import { type Paint, printable } from "../terminal/paint.ts";
import { type Change, diffDocuments } from "../trust/document-diff.ts";
import { type CheckedTrustFile, compileTrustFile, problemLine } from "../trust/trust-file.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";
import { readTrust, type WranglerFlags, writeTrust } from "../trust/wrangler.ts";

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
  const current = await readTrust(where, ports);
  if (!current.ok) return current;
  const text = storedText(trust.value.compiled.yaml.value);
  const plan = planOf(current.value, text);
  if (plan.changes.length > 0 && flags.dryRun !== true) {
    const written = await writeTrust(text, where, ports);
    if (!written.ok) return written;
  }
  const liveAtMs = ports.nowMs() + LIVE_EVERYWHERE_SECONDS * 1000;
  return ok({
    exit: 0,
    json: asJson(plan, flags, liveAtMs),
    text: asText(plan, flags, liveAtMs, ports.paint),
  });
}

interface Plan {
  readonly from: string | undefined;
  readonly to: string;
  readonly changes: readonly Change[];
}

/** @param current the text in KV. One that is no JSON, as a person may put there, is replaced as a whole. */
function planOf(current: string | undefined, text: string): Plan {
  const to = configVersion(text);
  if (current === undefined)
    return { from: undefined, to, changes: [{ kind: "added", path: "the whole document" }] };
  const from = configVersion(current);
  if (from === to) return { from, to, changes: [] };
  const changes = diffDocuments(parseJson(current) as JsonValue | undefined, parseJson(text) as JsonValue);
  return {
    from,
    to,
    changes: changes.length > 0 ? changes : [{ kind: "changed", path: "the way it is written" }],
  };
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

function asJson({ from, to, changes }: Plan, { dryRun = false }: ApplyFlags, liveAtMs: number): JsonObject {
  const applied = changes.length > 0 && !dryRun;
  return {
    applied,
    config_version: to,
    previous_version: from ?? null,
    changes: changes.map((change) => ({ ...change })),
    ...(applied ? { live_everywhere_at: formatInstant(liveAtMs / 1000) } : {}),
  };
}

function asText(
  { from, to, changes }: Plan,
  { dryRun = false, local = false }: ApplyFlags,
  liveAtMs: number,
  paint: Paint,
): string {
  if (changes.length === 0) return `${paint.good("in force already")}: config version ${to}\n`;
  const replaces = from === undefined ? "nothing was there before" : `replaces ${from}`;
  const live = local
    ? "wrangler dev takes it up within 30 seconds"
    : `live everywhere by ${formatInstant(liveAtMs / 1000)}`;
  const end = dryRun
    ? `${paint.warn("dry run")}: nothing was changed; config version would be ${to} (${replaces})`
    : `${paint.good("applied")}: config version ${paint.bold(to)} (${replaces}); ${live}`;
  return `${[...changes.map((change) => changeLine(change, paint)), end].join("\n")}\n`;
}

function changeLine({ kind, path, before, after }: Change, paint: Paint): string {
  const name = printable(path);
  switch (kind) {
    case "added":
      return paint.good(`+ ${name}${after === undefined ? "" : `: ${shown(after)}`}`);
    case "removed":
      return paint.bad(`- ${name}${before === undefined ? "" : `: ${shown(before)}`}`);
    case "changed":
      return paint.warn(`~ ${name}${before === undefined ? "" : `: ${shown(before)} -> ${shown(after)}`}`);
  }
}

/** Long enough for a policy, short enough for a screen. */
const MAX_SHOWN = 300;

function shown(value: JsonValue | undefined): string {
  const whole = printable(JSON.stringify(value ?? null));
  return whole.length > MAX_SHOWN ? `${whole.slice(0, MAX_SHOWN)}…` : whole;
}
