import type { VerifiedClaims } from "../../shared/claims.ts";
import type { JsonObject } from "../../shared/json.ts";
import { ok } from "../../shared/result.ts";
import { attributesOf, supposedAttributesOf } from "../../shared/trust/model/attributes.ts";
import { type Explanation, explain } from "../../shared/trust/tools/explain.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import type { Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { printable } from "../terminal/printable.ts";
import { readSubject, type Subject, type SubjectFlags } from "../trust/explain-subject.ts";
import { explanationLines } from "../trust/explanation.ts";
import { type JudgedToken, judgeWithKey, judgeWithoutKey } from "../trust/subject-token-check.ts";
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

/** `svid-exchange explain [FILE]`: shows the decision on a job, and why. It uses the network only with `--verify`. */
async function explainCommand(file: string, flags: ExplainFlags, ports: Ports): Promise<Outcome> {
  const trust = await compileTrustFile(file, ports);
  if (!trust.ok) return trust;
  const { config } = trust.value.compiled;
  const subject = await readSubject(config, flags, ports);
  if (!subject.ok) return subject;
  const { issuer, claims } = subject.value;
  const { verified, findings } = await judge(subject.value, flags, ports);
  const request = {
    ...(flags.policy === undefined ? {} : { policy: flags.policy }),
    ...(flags.audience === undefined ? {} : { audience: flags.audience }),
  };
  const attributes =
    verified === undefined ? supposedAttributesOf(issuer, claims) : attributesOf(issuer, verified);
  const explanation = explain(config, issuer, attributes, request);
  const granted = explanation.outcome.ok && findings.length === 0 && explanation.missingClaims.length === 0;
  const shown = findings.map(({ code, detail }) => ({ code, message: detail }));
  return ok({
    exit: granted ? 0 : 1,
    json: {
      granted,
      verified: verified !== undefined,
      findings: shown,
      ...explanation,
    } as unknown as JsonObject,
    text: `${textLines(explanation, shown, trustIn(subject.value, verified, flags), flags, ports).join("\n")}\n`,
  });
}

async function judge(subject: Subject, flags: ExplainFlags, ports: Ports): Promise<JudgedToken> {
  if (subject.from === "claims") return { findings: [] };
  const now = Math.floor(ports.nowMs() / 1000);
  return flags.verify === true ? judgeWithKey(subject, now, ports) : judgeWithoutKey(subject, now);
}

/** Says whether the claims are verified. */
function trustIn({ from }: Subject, verified: VerifiedClaims | undefined, flags: ExplainFlags): string {
  if (from === "claims") return "claims not verified";
  if (flags.verify !== true) return "signature not verified; --verify does that";
  return verified === undefined ? "token refused" : "signature verified";
}

interface ShownFinding {
  readonly code: string;
  readonly message: string;
}

function textLines(
  explanation: Explanation,
  findings: readonly ShownFinding[],
  trust: string,
  flags: ExplainFlags,
  { paint }: Ports,
): readonly string[] {
  const { issuer } = explanation;
  return [
    `${paint.dim("issuer")}  ${printable(issuer.id)} (${printable(issuer.issuer)})  ${paint.dim(trust)}`,
    ...findings.map(({ code, message }) => `${paint.bad("✗")} ${paint.bold(code)}: ${printable(message)}`),
    ...(findings.length > 0
      ? [
          paint.dim(
            "The exchange refuses the token before it looks at policies. This is what the policies would decide:",
          ),
        ]
      : []),
    ...explanationLines(explanation, { all: flags.all === true }, paint),
  ];
}
