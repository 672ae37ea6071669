import type { VerifiedClaims } from "../../shared/claims.ts";
import type { JsonObject } from "../../shared/json.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import type { Grant } from "../../shared/svid.ts";
import type { Application } from "../../shared/trust/model/application.ts";
import { attributesOf, supposedAttributesOf } from "../../shared/trust/model/attributes.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { explain } from "../../shared/trust/tools/explain.ts";
import type { Failure } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { readSubject, type Subject, type SubjectFlags } from "./explain-subject.ts";
import { explanationLines } from "./explanation.ts";
import { findingLines, findingsAsJson } from "./finding-lines.ts";
import { type JudgedToken, judgeWithKey, judgeWithoutKey } from "./subject-token-check.ts";

export interface JobFlags extends SubjectFlags {
  readonly policy?: string;
  readonly audience?: string;
  readonly all?: boolean;
}

/** The decision on a job, as the command shows it. */
export interface ExplainedJob {
  /** The exchange would mint the SVID: it takes the token, and the policies grant it. */
  readonly granted: boolean;
  /** What the policies grant, also of a token that the exchange refuses before it looks at them. */
  readonly grant: Grant | undefined;
  readonly json: JsonObject;
  readonly lines: readonly string[];
}

/**
 * Explains what the policies decide on the job that the flags name. It uses the network only with `--verify`.
 *
 * @param application where the SVID, or the ID token itself, is for an application.
 */
export async function explainJob(
  config: TrustConfig,
  flags: JobFlags,
  application: Application | undefined,
  ports: Ports,
): Promise<Result<ExplainedJob, Failure>> {
  const read = await readSubject(config, flags, ports);
  if (!read.ok) return read;
  const subject = straightTo(application, read.value);
  const { issuer, claims } = subject;
  const { verified, findings } = await judge(subject, flags, ports);
  const audience = application?.audience ?? flags.audience;
  const explanation = explain(
    config,
    issuer,
    verified === undefined ? supposedAttributesOf(issuer, claims) : attributesOf(issuer, verified),
    {
      ...(flags.policy === undefined ? {} : { policy: flags.policy }),
      ...(audience === undefined ? {} : { audience }),
    },
  );
  const { outcome, missingClaims } = explanation;
  const granted = outcome.ok && findings.length === 0 && missingClaims.length === 0;
  const { paint } = ports;
  return ok({
    granted,
    grant: outcome.ok ? outcome.value : undefined,
    json: {
      granted,
      verified: verified !== undefined,
      findings: findingsAsJson(findings),
      ...explanation,
    } as unknown as JsonObject,
    lines: [
      `${paint.dim("issuer")}  ${printable(issuer.id)} (${printable(issuer.issuer)})  ${paint.dim(trustIn(subject, verified, flags))}`,
      ...findingLines(findings, BEFORE_POLICIES, paint),
      ...explanationLines(explanation, { all: flags.all === true }, paint),
    ],
  });
}

const BEFORE_POLICIES =
  "The exchange refuses the token before it looks at policies. This is what the policies would decide:";

/** An ID token that goes to the application straight has the application's audience, not the exchange's. */
function straightTo(application: Application | undefined, subject: Subject): Subject {
  if (application?.accept.has("id-token") !== true) return subject;
  const { audience, accept } = application;
  const names = [subject.claims["aud"]].flat();
  if (accept.has("svid") && !names.includes(audience)) return subject;
  return { ...subject, issuer: { ...subject.issuer, audience } };
}

async function judge(subject: Subject, flags: JobFlags, ports: Ports): Promise<JudgedToken> {
  if (subject.from === "claims") return { findings: [] };
  const now = Math.floor(ports.nowMs() / 1000);
  return flags.verify === true ? judgeWithKey(subject, now, ports) : judgeWithoutKey(subject, now);
}

/** Says whether the claims are verified. */
function trustIn({ from }: Subject, verified: VerifiedClaims | undefined, flags: JobFlags): string {
  if (from === "claims") return "claims not verified";
  if (flags.verify !== true) return "signature not verified; --verify does that";
  return verified === undefined ? "token refused" : "signature verified";
}
