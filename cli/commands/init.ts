import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Option } from "commander";
import { parseExchangeUrl } from "../../shared/client/exchange-url.ts";
import { ok, type Result } from "../../shared/result.ts";
import { parseTrustDomain } from "../../shared/spiffe-id.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/paint.ts";
import { errnoOf } from "../text-file.ts";
import { idsCommand, lookUpIds, type Repository, repositoryHere } from "../trust/repository.ts";
import { starterDocument } from "../trust/starter.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";

export interface InitFlags {
  readonly issuer: string;
  readonly trustDomain: string;
  readonly audience: string;
  readonly lookup?: boolean;
}

export const addInit: AddCommand = (program, ports, finish) => {
  addSubcommand(
    program,
    "init",
    "write a commented trust document for this repository, and .dev.vars for wrangler dev",
  )
    .addArgument(trustFileArgument())
    .addOption(new Option("--issuer <url>", "address of the exchange").default("http://localhost:8787"))
    .addOption(
      new Option("--trust-domain <name>", "trust domain of the SPIFFE IDs").default("ci.example.org"),
    )
    .addOption(
      new Option("--audience <audience>", "who the SVIDs are for").default("https://vault.example.org"),
    )
    .option("--lookup", "ask the public API of GitHub or GitLab for the repository's ids")
    .action(async (file: string, flags: InitFlags & JsonFlag) => {
      finish(await initCommand(file, flags, ports), flags);
    });
};

interface Step {
  readonly file: string;
  readonly state: "written" | "kept";
}

/** 256 bits, the size of the key that seals the signing keys (AES-256-GCM). */
const SEALING_KEY_BYTES = 32;
const OWNER_ONLY = 0o600;

/** `svid-exchange init [FILE]`: a commented trust document for this repository, and secrets for `wrangler dev`. */
async function initCommand(file: string, flags: InitFlags, ports: Ports): Promise<Outcome> {
  const problem = flagProblem(flags);
  if (problem !== undefined) return problem;
  const here = repositoryHere(ports);
  const repository = here !== undefined && flags.lookup === true ? await lookUpIds(here, ports) : here;
  const path = resolve(ports.cwd, file);
  const secrets = join(dirname(path), ".dev.vars");
  const steps: Step[] = [];
  for (const [place, content] of [
    [path, () => starterDocument({ ...flags, repository })],
    [secrets, () => `KEY_ENCRYPTION_KEY=${randomBytes(SEALING_KEY_BYTES).toString("base64")}\n`],
  ] as const) {
    const step = writeNew(place, content());
    if (!step.ok) return step;
    steps.push(step.value);
  }
  if (steps.every(({ state }) => state === "kept")) {
    return failed(
      "exists",
      `${printable(path)} and ${printable(secrets)} are there already; nothing was changed.`,
      "Name another file, or move them away first.",
    );
  }
  return ok({
    exit: 0,
    json: { files: steps.map((step) => ({ ...step })) },
    text: `${lines(steps, file, secrets, repository, ports).join("\n")}\n`,
  });
}

function flagProblem({ issuer, trustDomain, audience }: InitFlags): Result<never, Failure> | undefined {
  const url = parseExchangeUrl(issuer);
  if (!url.ok)
    return misused(
      `--issuer can't be used: ${url.error}.`,
      "Give the exchange's address, for example https://svid.example.org",
    );
  const domain = parseTrustDomain(trustDomain);
  if (!domain.ok)
    return misused(
      `--trust-domain can't be used: ${domain.error}.`,
      "Give a name such as ci.example.org, without spiffe://",
    );
  if (/^[\x21-\x7e]+$/.test(audience) && !/[[\]{},"'#]/.test(audience)) return undefined;
  return misused(
    `--audience is "${printable(audience)}".`,
    "Give what the service calls itself, for example https://vault.example.org",
  );
}

/** Writes a file that is not there yet; one that is there is never touched. */
function writeNew(path: string, content: string): Result<Step, Failure> {
  const mode = path.endsWith(".dev.vars") ? OWNER_ONLY : undefined;
  try {
    writeFileSync(path, content, { flag: "wx", ...(mode === undefined ? {} : { mode }) });
    return ok({ file: path, state: "written" });
  } catch (error) {
    const code = errnoOf(error);
    if (code === "EEXIST") return ok({ file: path, state: "kept" });
    return failed(
      "file_unwritable",
      `${printable(path)} could not be written (${code}).`,
      "Work in a folder that you may write to.",
    );
  }
}

function lines(
  steps: readonly Step[],
  file: string,
  secrets: string,
  repository: Repository | undefined,
  { paint, cwd }: Ports,
): readonly string[] {
  const marks = { written: paint.good("written"), kept: paint.warn("kept   ") };
  return [
    ...steps.map(
      (step) =>
        `${marks[step.state]} ${printable(step.file)}${step.state === "kept" ? paint.dim("  (was there already)") : ""}`,
    ),
    ...(isIgnored(secrets, cwd) ? [] : [`${paint.warn("!")} .dev.vars is a secret: add it to .gitignore`]),
    "",
    ...idLines(repository, file),
    `next: svid-exchange check ${printable(file)}`,
    `      svid-exchange apply ${printable(file)} --local    then: npx wrangler dev`,
  ];
}

function idLines(repository: Repository | undefined, file: string): readonly string[] {
  if (repository === undefined) {
    return [
      `No GitHub or GitLab remote was found here: ${printable(file)} is for GitHub Actions, with ids to replace.`,
    ];
  }
  const found = `${repository.type === "github" ? "GitHub" : "GitLab"} repository ${repository.path}`;
  if (repository.id !== undefined && repository.ownerId !== undefined)
    return [`${found}: its ids are in ${printable(file)}.`];
  return [
    `${found}: put its two ids into ${printable(file)} (or run init with --lookup):`,
    `      ${idsCommand(repository)}`,
  ];
}

/** True where git would leave the file alone, or where there is no git to commit it. */
function isIgnored(path: string, cwd: string): boolean {
  if (!existsSync(path)) return true;
  try {
    execFileSync("git", ["rev-parse", "--is-inside-work-tree"], { cwd, stdio: "ignore" });
  } catch {
    return true;
  }
  try {
    execFileSync("git", ["check-ignore", "--quiet", path], { cwd, stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
