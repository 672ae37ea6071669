import { DENIALS, type Denial } from "../../shared/denial.ts";
import type { JsonObject } from "../../shared/json.ts";
import { MAX_TOKEN_MEMBERS } from "../../shared/limits.ts";
import { endWithSuggestion } from "../../shared/nearest-word.ts";
import { printable } from "../../shared/printable.ts";
import { ok, type Result } from "../../shared/result.ts";
import { parseStrictObject } from "../../shared/strict/json.ts";
import { peekJws, readSubjectToken } from "../../shared/subject-token/peek.ts";
import type { AllowedIssuer } from "../../shared/trust/model/issuer.ts";
import type { TrustConfig } from "../../shared/trust/model/trust-config.ts";
import { FIXTURES, fixtureClaims, isFixtureName } from "../../shared/trust/tools/fixtures.ts";
import { type Failure, failed, misused } from "../outcome.ts";
import type { Ports } from "../ports.ts";
import { readTextFile } from "../text-file.ts";
import { findIssuer } from "./find-issuer.ts";
import type { ReadToken } from "./subject-token-check.ts";

/** The flags that name the job to explain: exactly one of the first three, and options of it. */
export interface SubjectFlags {
  /** JSON text, or the path of a file. */
  readonly claims?: string;
  /** The path of a file, or `-` for standard input. */
  readonly token?: string;
  readonly fixture?: string;
  /** The id of an allowed issuer. */
  readonly issuer?: string;
  readonly verify?: boolean;
}

/** The job to explain: claims as the user gave them, or a token. */
export type Subject =
  | { readonly from: "claims"; readonly issuer: AllowedIssuer; readonly claims: JsonObject }
  | ({ readonly from: "token" } & ReadToken);

/** Reads the job that the flags name. */
export async function readSubject(
  config: TrustConfig,
  flags: SubjectFlags,
  ports: Ports,
): Promise<Result<Subject, Failure>> {
  const given = [flags.claims, flags.token, flags.fixture].filter((one) => one !== undefined);
  if (given.length !== 1) {
    return misused("Give exactly one of --token, --claims and --fixture.", [
      "Give --token FILE to explain an ID token (- for standard input), or",
      `give --claims '{"iss": "…", "ref": "refs/heads/main"}', or a file with such JSON, or`,
      "give --fixture NAME for a typical job, for example github/pull-request-target.",
    ]);
  }
  if (flags.verify === true && flags.token === undefined) {
    return misused(
      "--verify cannot be used without --token: claims have no signature.",
      "Give --token FILE, or leave out --verify.",
    );
  }
  if (flags.fixture !== undefined) return fixtureSubject(config, flags.fixture, flags.issuer);
  if (flags.token !== undefined) {
    const token = await readInput(flags.token, ports);
    return token.ok ? tokenSubject(config, token.value, flags.issuer) : token;
  }
  const claims = readClaims(flags.claims ?? "", ports);
  if (!claims.ok) return claims;
  const issuer = findIssuer(config, claims.value, flags.issuer);
  return issuer.ok ? ok({ from: "claims", issuer: issuer.value, claims: claims.value }) : issuer;
}

/** A token whose header is refused is explained, too, if its claims can be read. */
function tokenSubject(config: TrustConfig, text: string, id: string | undefined): Result<Subject, Failure> {
  const jws = readSubjectToken(text);
  if (!jws.ok) return refused(jws.error);
  const peeked = peekJws(jws.value);
  const { claims } = jws.value;
  const issuer = findIssuer(config, claims, id);
  if (issuer.ok) return ok({ from: "token", issuer: issuer.value, claims, peeked });
  return peeked.ok || id !== undefined ? issuer : refused(peeked.error);
}

function refused({ code, detail }: Denial): Result<never, Failure> {
  return failed(code, detail, DENIALS[code].hint);
}

function fixtureSubject(config: TrustConfig, name: string, id: string | undefined): Result<Subject, Failure> {
  const known = Object.keys(FIXTURES);
  if (!isFixtureName(name)) {
    return misused(`There is no fixture ${printable(name)}${endWithSuggestion(name, known)}`, [
      "The fixtures are:",
      ...known.map((one) => `  ${one}`),
    ]);
  }
  const { type } = FIXTURES[name];
  const issuers = [...config.issuers.values()].filter((issuer) => issuer.type === type);
  const issuer = id === undefined ? issuers[0] : issuers.find((one) => one.id === id);
  if (issuer === undefined) {
    return failed(
      "issuer_not_allowed",
      `The trust document has no allowed issuer of type ${type} for the fixture ${name}.`,
      "Add the issuer to allowedIssuers, or give another --fixture.",
    );
  }
  const claims = { aud: issuer.audience, ...fixtureClaims(name, issuer.issuer) };
  return ok({ from: "claims", issuer, claims });
}

function readClaims(text: string, ports: Ports): Result<JsonObject, Failure> {
  const isText = text.trimStart().startsWith("{");
  const source = isText ? ok(text) : readFile(text, ports);
  if (!source.ok) return source;
  const claims = parseStrictObject(new TextEncoder().encode(source.value), MAX_TOKEN_MEMBERS);
  if (claims.ok) return claims;
  return failed(
    "claims_malformed",
    `${isText ? "--claims" : printable(text)} ${claims.error}.`,
    `Give --claims JSON of this form: '{"iss": "…", "ref": "refs/heads/main"}'`,
  );
}

async function readInput(place: string, ports: Ports): Promise<Result<string, Failure>> {
  if (place === "-") return ok((await ports.readStdin()).trim());
  const text = readFile(place, ports);
  return text.ok ? ok(text.value.trim()) : text;
}

function readFile(path: string, { cwd }: Ports): Result<string, Failure> {
  const text = readTextFile(path, cwd);
  if (text.ok) return text;
  return failed(
    "file_unreadable",
    `${printable(path)} could not be read (${text.error}).`,
    "Give the path of a file, or - for standard input.",
  );
}
