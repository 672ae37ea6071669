import type { JsonObject } from "../../shared/json.ts";
import { ok, type Result } from "../../shared/result.ts";
import { formatInstant, formatSpan } from "../../shared/time.ts";
import { type AddCommand, addSubcommand, type JsonFlag } from "../command.ts";
import { issuerFlag, trustDomainFlag } from "../flag-values.ts";
import { type Failure, failed, misused, type Outcome } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { bundleKeys, discoverKeys } from "../svid/published.ts";
import { type Expected, type VerifiedSvid, verifySvid } from "../svid/verify-svid.ts";
import { printable } from "../terminal/paint.ts";
import { readTextFile } from "../text-file.ts";

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
  const trust = await readTrust(flags, ports);
  if (!trust.ok) return trust;
  const audience = flags.audience === undefined ? {} : { audience: flags.audience };
  const verified = await verifySvid(token.value, { ...trust.value, ...audience }, ports.nowMs());
  if (!verified.ok) return verified;
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

async function readTrust(flags: VerifyFlags, ports: Ports): Promise<Result<Expected, Failure>> {
  const domain = flags.trustDomain === undefined ? undefined : trustDomainFlag(flags.trustDomain);
  if (domain?.ok === false) return domain;
  const trustDomain = domain === undefined ? {} : { trustDomain: domain.value };
  if (flags.bundle !== undefined) {
    const keys = await bundleKeys(flags.bundle, ports);
    return keys.ok ? ok({ keys: keys.value, ...trustDomain }) : keys;
  }
  const issuer = issuerFlag("--issuer", flags.issuer ?? "");
  if (!issuer.ok) return issuer;
  const found = await discoverKeys(issuer.value, ports);
  return found.ok ? ok({ keys: found.value.keys, issuer: issuer.value, ...trustDomain }) : found;
}

const COMPACT_JWS = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/;

/** @param place the SVID itself, a file that holds it, or `-` for standard input. */
async function readSvid(place: string, ports: Ports): Promise<Result<string, Failure>> {
  if (place === "-") return ok((await ports.readStdin()).trim());
  if (COMPACT_JWS.test(place)) return ok(place);
  const text = readTextFile(place, ports.cwd);
  if (text.ok) return ok(text.value.trim());
  return failed(
    "svid_unreadable",
    `${printable(place)} is not a JWT, and no file of this name could be read (${text.error}).`,
    "Give the SVID, a file that holds it, or - for standard input.",
  );
}

function asJson({ spiffeId, claims, algorithm, kid }: VerifiedSvid): JsonObject {
  return {
    valid: true,
    spiffe_id: spiffeId,
    expires_at: formatInstant(claims.exp),
    algorithm,
    kid,
    claims: claims as JsonObject,
  };
}

const REGISTERED = new Set(["iss", "sub", "aud", "exp", "iat", "nbf", "jti"]);

function asText({ spiffeId, claims, algorithm, kid }: VerifiedSvid, { paint, nowMs }: Ports): string {
  const now = nowMs() / 1000;
  const line = (name: string, value: string): string => `  ${paint.dim(name.padEnd(9))} ${printable(value)}`;
  const own = Object.entries(claims).filter(([name]) => !REGISTERED.has(name));
  const lines = [
    `${paint.good("valid")} ${paint.bold(printable(spiffeId))}`,
    line("audience", [claims.aud ?? []].flat().join(", ")),
    line("issuer", claims.iss ?? "(none)"),
    ...(claims.iat === undefined
      ? []
      : [line("issued", `${formatInstant(claims.iat)} (${formatSpan(now - claims.iat)} ago)`)]),
    line("expires", `${formatInstant(claims.exp)} (in ${formatSpan(claims.exp - now)})`),
    line("signed", `${algorithm} by ${kid}`),
    ...own.map(([name, value], index) =>
      line(index === 0 ? "claims" : "", `${name}: ${JSON.stringify(value)}`),
    ),
  ];
  return `${lines.join("\n")}\n`;
}
