import type { JsonObject } from "../../shared/json.ts";
import { ok } from "../../shared/result.ts";
import { supposedAttributesOf } from "../../shared/trust/model/attributes.ts";
import { type Explanation, explain } from "../../shared/trust/tools/explain.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import type { Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/paint.ts";
import { readSubject, type Subject, type SubjectFlags } from "../trust/explain-subject.ts";
import { explanationLines } from "../trust/explanation.ts";
import { type Finding, judgeClaims, judgeSignature } from "../trust/subject-token-check.ts";
import { compileTrustFile } from "../trust/trust-file.ts";
import { trustFileArgument } from "../trust/trust-file-argument.ts";

export interface ExplainFlags extends SubjectFlags {
  readonly policy?: string;
  readonly audience?: string;
  readonly all?: boolean;
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
    .option(
      "--verify",
      "verify the token's signature with the issuer's keys, which are read over the network",
    )
    .option("--all", "show every policy, not only the matches and the nearest misses")
    .action(async (file: string, flags: ExplainFlags & JsonFlag) => {
      finish(await explainCommand(file, flags, ports), flags);
    });
};

/** `svid-exchange explain [FILE]`: which policy, why, and the SVID that would be minted. Offline, unless `--verify`. */
async function explainCommand(file: string, flags: ExplainFlags, ports: Ports): Promise<Outcome> {
  const trust = compileTrustFile(file, ports);
  if (!trust.ok) return trust;
  const { config } = trust.value.compiled;
  const subject = await readSubject(config, flags, ports);
  if (!subject.ok) return subject;
  const { issuer, claims, token } = subject.value;
  const findings = await judge(subject.value, flags, ports);
  const request = {
    ...(flags.policy === undefined ? {} : { policy: flags.policy }),
    ...(flags.audience === undefined ? {} : { audience: flags.audience }),
  };
  const explanation = explain(config, issuer, supposedAttributesOf(issuer, claims), request);
  const granted = explanation.outcome.ok && findings.length === 0 && explanation.missingClaims.length === 0;
  return ok({
    exit: granted ? 0 : 1,
    json: {
      granted,
      verified: token !== undefined && flags.verify === true,
      findings,
      ...explanation,
    } as unknown as JsonObject,
    text: `${textLines(explanation, findings, subject.value, flags, ports).join("\n")}\n`,
  });
}

async function judge(
  { issuer, claims, token }: Subject,
  flags: ExplainFlags,
  ports: Ports,
): Promise<readonly Finding[]> {
  if (token === undefined) return [];
  const signature = flags.verify === true ? await judgeSignature(token, issuer, ports) : [];
  return [...signature, ...judgeClaims(claims, issuer, ports.nowMs())];
}

function textLines(
  explanation: Explanation,
  findings: readonly Finding[],
  { issuer, token }: Subject,
  flags: ExplainFlags,
  { paint }: Ports,
): readonly string[] {
  const trusted =
    token === undefined
      ? "claims as given"
      : flags.verify === true
        ? "signature checked"
        : "token not verified; --verify does";
  return [
    `${paint.dim("issuer")}  ${printable(issuer.id)} (${printable(issuer.issuer)})  ${paint.dim(trusted)}`,
    ...findings.map(({ code, message }) => `${paint.bad("✗")} ${paint.bold(code)}: ${printable(message)}`),
    ...(findings.length > 0
      ? [paint.dim("the exchange refuses the token before it looks at policies; those would say:")]
      : []),
    ...explanationLines(explanation, { all: flags.all === true }, paint),
  ];
}
