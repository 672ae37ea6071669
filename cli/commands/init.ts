import { dirname, resolve } from "node:path";
import { Option } from "commander";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { issuerFlag, trustDomainFlag } from "../flag-values.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
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
  addSubcommand(program, "init", "write a trust document for this repository, and .dev.vars for wrangler dev")
    .addArgument(trustFileArgument())
    .addOption(new Option("--issuer <url>", "base URL of the exchange").default("http://localhost:8787"))
    .addOption(
      new Option("--trust-domain <name>", "trust domain of the SPIFFE IDs").default("ci.example.org"),
    )
    .addOption(
      new Option("--audience <audience>", "audience of the SVIDs: the service that accepts them").default(
        "https://vault.example.org",
      ),
    )
    .option("--lookup", "read the repository's ids from the public API of GitHub or GitLab")
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
      `${steps.map((step) => printable(step.file)).join(" and ")} exist already; nothing was changed.`,
      "Give the path of another file, or move these two away.",
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
  const url = issuerFlag("--issuer", issuer);
  if (!url.ok) return url;
  const domain = trustDomainFlag(trustDomain);
  if (!domain.ok) return domain;
  if (/^[\x21-\x7e]+$/.test(audience) && !/[[\]{},"'#]/.test(audience)) return undefined;
  return misused(
    `--audience cannot be used: "${printable(audience)}" has a space, or a character that YAML treats as syntax.`,
    "Give --audience the URL of the service that accepts the SVIDs, for example https://vault.example.org",
  );
}

function stepLines(steps: readonly Step[], { paint, cwd }: Ports): readonly string[] {
  const marks = { written: paint.good("written"), kept: paint.warn("kept   ") };
  return steps.flatMap(({ file, state }) => [
    `${marks[state]} ${printable(file)}${state === "kept" ? paint.dim("  (it existed already)") : ""}`,
    ...(file.endsWith(DEV_VARS) && isUnignored(file, cwd)
      ? [`${paint.warn("!")} .dev.vars holds a secret: add it to .gitignore`]
      : []),
  ]);
}

function idLines(repository: Repository | undefined, file: string): readonly string[] {
  if (repository === undefined) {
    return [
      `The git remote origin is not on GitHub or GitLab, so ${printable(file)} is for GitHub Actions. Replace its two ids.`,
    ];
  }
  const found = `${repository.type === "github" ? "GitHub" : "GitLab"} repository ${repository.path}`;
  if (repository.id !== undefined && repository.ownerId !== undefined)
    return [`${found}: ${printable(file)} holds its two ids.`];
  return [
    `${found}: write its two ids into ${printable(file)}. This command prints them:`,
    `      ${idsCommand(repository)}`,
  ];
}

function nextLines(file: string): readonly string[] {
  return [
    `next: svid-exchange check ${printable(file)}`,
    `      svid-exchange apply ${printable(file)} --local    then: npx wrangler dev`,
  ];
}
