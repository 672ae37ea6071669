import type { JsonObject } from "../../shared/json.ts";
import { printable } from "../../shared/printable.ts";
import { err, ok, type Result } from "../../shared/result.ts";
import { formatInstant, formatSpan } from "../../shared/time.ts";
import { judgeSvid, type VerifiedSvid } from "../../shared/verify/svid.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { issuerFlag, trustDomainFlag } from "../flag-values.ts";
import { type Failure, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { keysOfBundle, keysOfIssuer } from "../svid/published.ts";
import { explainRefusal, type JudgedBy } from "../svid/svid-refusal.ts";
import { readSvid } from "../svid-argument.ts";
import { claimLines, fieldLine } from "../terminal/field-line.ts";

export interface VerifyFlags {
  readonly issuer?: string;
  /** A URL or a file. */
  readonly bundle?: string;
  readonly trustDomain?: string;
  readonly audience?: string;
  readonly anyAudience?: boolean;
}

export const addVerify: AddCommand = (program, ports, finish) => {
  addSubcommand(program, "verify", "verify a JWT-SVID as a service would")
    .argument("<svid>", "the SVID, a file that holds it, or - for standard input")
    .option("--issuer <url>", "issuer of the SVID: its discovery document names the keys")
    .option("--bundle <place>", "URL or file of a SPIFFE bundle that holds the keys")
    .option("--trust-domain <name>", "trust domain that the SPIFFE ID must be in; required with --bundle")
    .option("--audience <audience>", "audience that the SVID must have")
    .option("--any-audience", "accept any audience, which a service must never do")
    .action(async (svid: string, flags: VerifyFlags & JsonFlag) => {
      finish(await verifyCommand(svid, flags, ports), flags);
    });
};

/** `svid-exchange verify SVID`: verifies the SVID as a service would, and prints its claims. */
async function verifyCommand(place: string, flags: VerifyFlags, ports: Ports): Promise<Outcome> {
  const problem = flagProblem(flags);
  if (problem !== undefined) return problem;
  const token = await readSvid(place, ports);
  if (!token.ok) return token;
  const judgedBy = await readExpected(flags, ports);
  if (!judgedBy.ok) return judgedBy;
  const verified = await judgeSvid(token.value, judgedBy.value, ports.nowMs() / 1000);
  if (!verified.ok) return err(explainRefusal(verified.error, token.value, judgedBy.value, ports.nowMs()));
  return ok({ exit: 0, json: asJson(verified.value), text: asText(verified.value, ports) });
}

function flagProblem(flags: VerifyFlags): Result<never, Failure> | undefined {
  if ((flags.issuer === undefined) === (flags.bundle === undefined)) {
    return misused("Give exactly one of --issuer and --bundle.", [
      "Give --issuer URL to use the keys that the discovery document of the issuer names, or",
      "give --bundle PLACE and --trust-domain NAME to use the keys of a SPIFFE bundle.",
    ]);
  }
  if (flags.bundle !== undefined && flags.trustDomain === undefined) {
    return misused(
      "--trust-domain is missing: a SPIFFE bundle does not name its trust domain.",
      "Give --trust-domain the trust domain of the bundle.",
    );
  }
  if ((flags.audience === undefined) === (flags.anyAudience !== true)) {
    return misused("Give exactly one of --audience and --any-audience.", [
      "Give --audience the audience that the service expects, or",
      "give --any-audience to inspect an SVID. A service must never accept any audience.",
    ]);
  }
  return undefined;
}

async function readExpected(flags: VerifyFlags, ports: Ports): Promise<Result<JudgedBy, Failure>> {
  const domain = flags.trustDomain === undefined ? undefined : trustDomainFlag(flags.trustDomain);
  if (domain?.ok === false) return domain;
  const expected = {
    audiences: flags.audience === undefined ? ("any" as const) : [flags.audience],
    ...(domain === undefined ? {} : { trustDomain: domain.value }),
  };
  if (flags.bundle !== undefined) {
    const keys = await keysOfBundle(flags.bundle, ports);
    return keys.ok ? ok({ ...expected, ...keys.value }) : keys;
  }
  const issuer = issuerFlag("--issuer", flags.issuer ?? "");
  if (!issuer.ok) return issuer;
  const keys = await keysOfIssuer(issuer.value, ports);
  return keys.ok ? ok({ ...expected, ...keys.value, issuer: issuer.value }) : keys;
}

function asJson({ spiffeId, claims, expiresAt, algorithm, kid }: VerifiedSvid): JsonObject {
  return { valid: true, spiffe_id: spiffeId, expires_at: formatInstant(expiresAt), algorithm, kid, claims };
}

const REGISTERED = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

function asText(svid: VerifiedSvid, { paint, nowMs }: Ports): string {
  const now = nowMs() / 1000;
  const { audiences, issuer = "(none)", issuedAt, expiresAt, algorithm, kid } = svid;
  const field = (name: string, value: string): string => fieldLine(name, value, paint);
  const own = Object.entries(svid.claims).filter(([name]) => !REGISTERED.has(name));
  const lines = [
    `${paint.good("valid")} ${paint.bold(printable(svid.spiffeId))}`,
    field("audience", audiences.join(", ")),
    field("issuer", issuer),
    ...(issuedAt === undefined
      ? []
      : [field("issued", `${formatInstant(issuedAt)} (${formatSpan(now - issuedAt)} ago)`)]),
    field("expires", `${formatInstant(expiresAt)} (in ${formatSpan(expiresAt - now)})`),
    field("signed", `${algorithm} by ${kid}`),
    ...claimLines(Object.fromEntries(own), paint),
  ];
  return `${lines.join("\n")}\n`;
}
