import type { Path } from "../../shape.ts";
import { type IssuerEntry, issuerShape } from "../document/shapes.ts";
import { type AllowedIssuer, ISSUER_TYPES } from "../model/issuer.ts";
import { PRESETS } from "../model/preset.ts";
import { errorAt, type Report } from "../model/problem.ts";
import { ownIssuerProblem } from "./issuer-url.ts";
import { compileKeySource } from "./key-source.ts";
import { unique } from "./unique.ts";
import { writtenTexts } from "./written-texts.ts";

const DEFAULT_CLOCK_SKEW_SECONDS = 60;

/** Compiles `allowedIssuers`, and judges our own `iss`, which may not be among them. */
export function compileIssuers(entries: readonly unknown[], ownIssuer: string | undefined, report: Report) {
  const ownProblem = ownIssuer === undefined ? undefined : ownIssuerProblem(ownIssuer);
  if (ownProblem !== undefined) report(errorAt(["issuer"], "issuer-url", `issuer ${ownProblem}`));
  const once = { id: unique("id", report), issuer: unique("issuer", report) };
  const issuers = new Map<string, AllowedIssuer>();
  entries.forEach((input, index) => {
    const at = ["allowedIssuers", index];
    const entry = issuerShape.read(input, at, report);
    if (entry === undefined) return;
    once.id(entry.id, [...at, "id"]);
    once.issuer(entry.issuer, [...at, "issuer"]);
    const issuer = compileIssuer(entry, ownIssuer, at, report);
    if (issuer !== undefined) issuers.set(issuer.id, issuer);
  });
  return { issuers, issuerIds: writtenTexts(entries, "id") };
}

/** @returns the issuer, or `undefined` where anything in it was reported. */
function compileIssuer(
  entry: IssuerEntry,
  ownIssuer: string | undefined,
  at: Path,
  report: Report,
): AllowedIssuer | undefined {
  let good = true;
  const refuse: Report = (problem) => {
    good = false;
    report(problem);
  };
  checkOwnIssuer(entry, ownIssuer, at, refuse);
  checkType(entry, at, refuse);
  const keys = compileKeySource(entry, at, refuse);
  if (!good || keys === undefined) return undefined;
  const preset = PRESETS[entry.type];
  const replay = entry.replay ?? preset.replay;
  return {
    id: entry.id,
    type: entry.type,
    issuer: entry.issuer,
    audience: entry.audience ?? ownIssuer ?? "",
    keys,
    algorithms: algorithmsOf(entry),
    maxTokenAgeSeconds: entry.maxTokenAge ?? preset.maxTokenAgeSeconds,
    clockSkewSeconds: entry.clockSkew ?? DEFAULT_CLOCK_SKEW_SECONDS,
    replay,
    requiredClaims: replay === "off" ? preset.requiredClaims : [...preset.requiredClaims, "jti"],
  };
}

/** What the tokens of an issuer may be signed with. */
export function algorithmsOf({ algorithms, type }: IssuerEntry): readonly string[] {
  return algorithms ?? PRESETS[type].algorithms;
}

function checkOwnIssuer(entry: IssuerEntry, ownIssuer: string | undefined, at: Path, report: Report): void {
  if (ownIssuer === undefined || withoutSlash(entry.issuer) !== withoutSlash(ownIssuer)) return;
  const message = "this is the exchange's own issuer, which is never an allowed one; remove the entry";
  report(errorAt([...at, "issuer"], "own-issuer", message));
}

/** Another type would leave out the guards and required claims of the issuer's own. */
function checkType({ issuer, type }: IssuerEntry, at: Path, report: Report): void {
  const owner = ISSUER_TYPES.find((one) => PRESETS[one].owns(issuer));
  if (owner === undefined || owner === type) return;
  const message = `${issuer} issues tokens of type ${owner}, which have guards; write type: ${owner}`;
  report(errorAt([...at, "type"], "issuer-type", message));
}

function withoutSlash(issuer: string): string {
  return issuer.replace(/\/+$/, "");
}
