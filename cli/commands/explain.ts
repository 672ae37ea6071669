import type { JsonObject } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import { supposedSvidAttributesOf } from "../../shared/trust/model/svid-attributes.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { explainApplication } from "../../shared/trust/tools/explain-application.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { type Failure, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { applicationLines } from "../trust/application-explanation.ts";
import { findApplication, readCaller } from "../trust/explain-caller.ts";
import { explainJob, type JobFlags } from "../trust/explain-job.ts";
import { findingLines, findingsAsJson } from "../trust/finding-lines.ts";
import { compileTrustFile } from "../trust/trust-file.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";

export interface ExplainFlags extends JobFlags {
  readonly application?: string;
  /** The SVID, the path of its file, `-` for standard input, or its claims as JSON text. */
  readonly svid?: string;
}

export const addExplain: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "explain", "show which policy grants a job its SVID, or why no policy does")
    .addArgument(trustFileArgument())
    .option("--token <file>", "file of the job's ID token; - for standard input")
    .option("--claims <json>", "claims of the job: JSON text, or a file of it")
    .option("--fixture <name>", "name of a typical job, for example github/pull-request-target")
    .option("--issuer <id>", "id of the allowed issuer (default: the issuer that iss names)")
    .option("--policy <name>", "policy that the job requests")
    .option("--audience <audience>", "audience that the job requests")
    .option("--application <name>", "application that the job calls: show what it is told")
    .option("--svid <svid>", "caller's SVID instead of a job: a JWT, its file, -, or claims as JSON")
    .option(
      "--verify",
      "verify the token's signature with the issuer's keys, which are read over the network",
    )
    .option("--all", "show every policy and rule, not only the matches and the nearest misses")
    .action(async (file: string, flags: ExplainFlags & JsonFlag) => {
      finish(await explainCommand(file, flags, ports), flags);
    });
};

/** `svid-exchange explain [FILE]`: shows the decision on a job or on the caller of an application, and why. */
async function explainCommand(file: string, flags: ExplainFlags, ports: Ports): Promise<Outcome> {
  const trust = await compileTrustFile(file, ports);
  if (!trust.ok) return trust;
  const { config } = trust.value.compiled;
  const application =
    flags.application === undefined ? ok(undefined) : findApplication(config, flags.application);
  if (!application.ok) return application;
  const problem = flagProblem(flags, application.value);
  if (problem !== undefined) return problem;
  if (application.value === undefined) return explainPolicies(config, flags, ports);
  return flags.svid === undefined
    ? explainCallingJob(config, application.value, flags, ports)
    : explainSvid(config, application.value, flags.svid, flags, ports);
}

function flagProblem(
  flags: ExplainFlags,
  application: Application | undefined,
): Result<never, Failure> | undefined {
  const { svid, token, claims, fixture, issuer, policy, audience, verify } = flags;
  if (application === undefined) {
    return svid === undefined
      ? undefined
      : misused(
          "--svid cannot be used without --application.",
          "Give --application the name of an application.",
        );
  }
  if (audience !== undefined) {
    return misused(
      "--audience cannot be used with --application: the document says which audience a caller needs.",
      "Leave out --audience.",
    );
  }
  if (policy !== undefined && !application.accept.has("svid")) {
    return misused(
      "--policy cannot be used with an application that takes ID tokens alone: these name no policy.",
      "Leave out --policy.",
    );
  }
  const ofJob = { token, claims, fixture, issuer, policy, verify };
  const [unfit] = Object.entries(ofJob).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (svid !== undefined && unfit !== undefined)
    return misused(`--${unfit} cannot be used with --svid.`, `Leave out --${unfit}, or --svid.`);
  return undefined;
}

async function explainPolicies(config: TrustConfig, flags: ExplainFlags, ports: Ports): Promise<Outcome> {
  const job = await explainJob(config, flags, undefined, ports);
  if (!job.ok) return job;
  const { granted, json, lines } = job.value;
  return ok({ exit: granted ? 0 : 1, json, text: `${lines.join("\n")}\n` });
}

/** What the policies grant the job for the application's audience, and what the application is told of it. */
async function explainCallingJob(
  config: TrustConfig,
  application: Application,
  flags: ExplainFlags,
  ports: Ports,
): Promise<Outcome> {
  const job = await explainJob(config, flags, application, ports);
  if (!job.ok) return job;
  const { granted, grant, json, lines } = job.value;
  if (grant === undefined) return report(false, json, lines);
  const explained = explainApplication(application, supposedSvidAttributesOf(grant));
  const shown = applicationLines(explained, { all: flags.all === true }, ports.paint);
  const called = { ...json, application: explained as unknown as JsonObject };
  return report(granted && explained.outcome.ok, called, [...lines, "", ...shown]);
}

/** What the application is told of the bearer of an SVID. */
async function explainSvid(
  config: TrustConfig,
  application: Application,
  place: string,
  flags: ExplainFlags,
  ports: Ports,
): Promise<Outcome> {
  const caller = await readCaller(config, application, place, ports);
  if (!caller.ok) return caller;
  const { attributes, findings } = caller.value;
  const explained = explainApplication(application, attributes);
  const json = { findings: findingsAsJson(findings), application: explained } as unknown as JsonObject;
  return report(findings.length === 0 && explained.outcome.ok, json, [
    ports.paint.dim("SVID not verified; svid-exchange verify does that"),
    ...findingLines(findings, BEFORE_RULES, ports.paint),
    ...applicationLines(explained, { all: flags.all === true }, ports.paint),
  ]);
}

const BEFORE_RULES =
  "The gateway refuses the SVID before it looks at rules. This is what the rules would decide:";

function report(admitted: boolean, json: JsonObject, lines: readonly string[]): Outcome {
  return ok({ exit: admitted ? 0 : 1, json: { admitted, ...json }, text: `${lines.join("\n")}\n` });
}
