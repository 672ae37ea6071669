import { dirname, resolve } from "node:path";
import { Option } from "commander";
import { parseExchangeUrl } from "../../shared/client/exchange-url.ts";
import { ok, type Result } from "../../shared/result.ts";
import { parseTrustDomain } from "../../shared/spiffe-id.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/paint.ts";
import { DEV_VARS, newDevVars } from "../trust/dev-vars.ts";
import { isUnignored } from "../trust/git.ts";
import { createFile } from "../trust/new-file.ts";
import { findRepository, idsCommand, lookUpIds, type Repository } from "../trust/repository.ts";
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

/** `svid-exchange init [FILE]`: writes a trust document for this repository, and the secret that `wrangler dev` needs. */
async function initCommand(file: string, flags: InitFlags, ports: Ports): Promise<Outcome> {
  const problem = flagProblem(flags);
  if (problem !== undefined) return problem;
  const found = findRepository(ports);
  const repository = found !== undefined && flags.lookup === true ? await lookUpIds(found, ports) : found;
  const path = resolve(ports.cwd, file);
  const files = [{ path, content: starterDocument({ ...flags, repository }) }, newDevVars(dirname(path))];
  const steps: Step[] = [];
  for (const one of files) {
    const state = createFile(one);
    if (!state.ok) return state;
    steps.push({ file: one.path, state: state.value });
  }
  if (steps.every(({ state }) => state === "kept")) {
    return failed(
      "exists",
      `${steps.map((step) => printable(step.file)).join(" and ")} are there already; nothing was changed.`,
      "Name another file, or move them away first.",
    );
  }
  return ok({
    exit: 0,
    json: { files: steps.map((step) => ({ ...step })) },
    text: `${[...stepLines(steps, ports), "", ...idLines(repository, file), ...nextLines(file)].join("\n")}\n`,
  });
}

interface Step {
  readonly file: string;
  readonly state: "written" | "kept";
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

function stepLines(steps: readonly Step[], { paint, cwd }: Ports): readonly string[] {
  const marks = { written: paint.good("written"), kept: paint.warn("kept   ") };
  return steps.flatMap(({ file, state }) => [
    `${marks[state]} ${printable(file)}${state === "kept" ? paint.dim("  (was there already)") : ""}`,
    ...(file.endsWith(DEV_VARS) && isUnignored(file, cwd)
      ? [`${paint.warn("!")} .dev.vars is a secret: add it to .gitignore`]
      : []),
  ]);
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

function nextLines(file: string): readonly string[] {
  return [
    `next: svid-exchange check ${printable(file)}`,
    `      svid-exchange apply ${printable(file)} --local    then: npx wrangler dev`,
  ];
}
